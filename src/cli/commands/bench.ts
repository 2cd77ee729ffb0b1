import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import type { BenchReport } from '../../cold-start/types.ts';
import { SlimError } from '../../errors.ts';
import { makeBenchPage } from '../../report/bench-html.ts';
import { formatBench } from '../../report/format-bench.ts';
import { formatDocument } from '../../report/json.ts';
import { chooseStyle } from '../../report/style.ts';
import { checkWritable, writeAtomic } from '../../util/fs.ts';
import { type BenchArgs, benchOptions } from '../bench-options.ts';
import type { Command } from '../command.ts';
import { withContext } from '../context.ts';
import { localOptions } from '../local-options.ts';
import { readEvent } from '../read-event.ts';
import { EXIT, type Session } from '../session.ts';

const DEFAULTS = { cold: 10, warm: 20 };

/** `bench`: cold starts of artifacts in turns, or of deployed functions. */
export const benchCommand: Command<BenchArgs> = {
  usage: 'bench [artifact..]',
  describe: 'Measure cold starts: of artifacts in turns on this machine, or of deployed functions',
  configure: (parser: Argv) =>
    parser
      .positional('artifact', {
        type: 'string',
        array: true,
        describe: 'Zips or unpacked folders; else the zip that build wrote',
      })
      .options(benchOptions)
      .example('$0 bench before.zip after.zip --event event.json', 'which one starts faster')
      .example('$0 bench --original --page-cache both', 'what slimming brought, also when read from the disk')
      .example('$0 bench --function api:live --against api', 'two deployed ones, by their REPORT lines')
      .epilogue(
        'Exit codes: 0 measured; 1 a function failed in one of its starts; 2 it could not run, or was stopped.',
      ),
  async run(args, session) {
    refuseMixture(args);
    const html = args.html === undefined ? null : resolve(session.io.cwd, args.html);
    if (html !== null) await checkWritable(html);
    const report = await measure(args, session);
    if (html !== null) await writeAtomic(html, file => file.writeFile(makeBenchPage(report)));
    session.io.stdout.write(toText(report, session));
    return report.series.some(({ failures }) => failures.length > 0) ? EXIT.finding : EXIT.ok;
  },
};

function measure(args: BenchArgs, session: Session): Promise<BenchReport> {
  return withContext(session, args, async context => {
    const { compareSeries } = await import('../../cold-start/compare-series.ts');
    const { describeHost } = await import('../../cold-start/describe-host.ts');
    const isDeployed = args.function !== undefined;
    const bench = isDeployed
      ? (await import('../bench-deployed.ts')).benchDeployed
      : (await import('../bench-local.ts')).benchLocal;
    const events = await Promise.all((args.event ?? ['{}']).map(event => readEvent(event, session.io)));
    const plan = { rounds: args.cold ?? DEFAULTS.cold, warm: args.warm ?? DEFAULTS.warm, events };
    const host = describeHost();
    const measured = await bench(args, plan, context, session.io);
    return {
      where: isDeployed ? 'aws' : 'local',
      host,
      ...plan,
      events: args.event ?? ['{}'],
      ...measured,
      comparisons: compareSeries(measured.series),
    };
  });
}

/** Times from here and from AWS in one table would look as if they could be compared. */
function refuseMixture(args: BenchArgs): void {
  const refuse = (reason: string): never => {
    throw new SlimError('USAGE', [reason, 'lambda-slim bench', null]);
  };
  if (args.function === undefined) {
    if (args.against) refuse('--against is for deployed functions; name the first with --function');
    if (args['force-cold']) refuse('--force-cold is for deployed functions; name one with --function');
    return;
  }
  if ((args.artifact ?? []).length > 0 || args.original)
    refuse('--function measures deployed functions only; measure artifacts in a run of their own');
  if (args['page-cache'] !== undefined) refuse('--page-cache is for artifacts; Lambda has its own');
  const local = Object.keys(localOptions).find(name => args[name as keyof typeof localOptions] !== undefined);
  if (local) refuse(`--${local} is for artifacts; a deployed function is measured as it is set up`);
}

function toText(report: BenchReport, { json, tool, io }: Session): string {
  if (json) return formatDocument(tool, 'bench', { ...report });
  return formatBench(report, chooseStyle(io.stdout, io.env));
}
