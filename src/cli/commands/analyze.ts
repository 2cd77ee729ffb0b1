import type { Argv, InferredOptionTypes } from 'yargs';
import { readInventory } from '../../inventory/read-inventory.ts';
import { type Analysis, analyzeInventory, analyzePlan } from '../../report/analyze.ts';
import { formatAnalysis } from '../../report/format-analysis.ts';
import { formatDocument } from '../../report/json.ts';
import { chooseStyle } from '../../report/style.ts';
import { chooseArtifact } from '../choose-artifact.ts';
import type { Command } from '../command.ts';
import { commonOptions, configOptions, outOptions, whole } from '../options.ts';
import { planFunctions } from '../plan-functions.ts';
import { EXIT, type Session } from '../session.ts';

const DEFAULT_TOP = 10;

const options = {
  top: whole('top', `How many of each are shown [default: ${DEFAULT_TOP}]`, 1, 100_000),
  plan: { type: 'boolean', describe: 'Look at what a build would make, instead of an artifact' },
  ...configOptions,
  ...outOptions,
  ...commonOptions,
} as const;
type AnalyzeArgs = InferredOptionTypes<typeof options> & { artifact: string | undefined };

/** `analyze`: what is large, by package, kind and file. */
export const analyzeCommand: Command<AnalyzeArgs> = {
  usage: 'analyze [artifact]',
  describe: 'Show what is large in a zip or folder, by package, kind and file',
  configure: (parser: Argv) =>
    parser
      .positional('artifact', {
        type: 'string',
        describe: 'Zip or unpacked folder; else the zip that build wrote. With --plan the entry',
      })
      .options(options)
      .example('$0 analyze function.zip --top 20', 'the largest twenty of each')
      .example('$0 analyze --plan', 'what a build would make')
      .epilogue('Exit codes: 0 shown; 2 it could not run.'),
  async run(args, session) {
    const analyses = args.plan ? await analyzePlans(args, session) : [await analyzeArtifact(args, session)];
    session.io.stdout.write(tell(analyses, args.top ?? DEFAULT_TOP, session));
    return EXIT.ok;
  },
};

async function analyzePlans(args: AnalyzeArgs, session: Session): Promise<readonly Analysis[]> {
  const { artifact: entry, ...others } = args;
  return (await planFunctions({ ...others, entry }, session, 'analyze')).map(analyzePlan);
}

async function analyzeArtifact(args: AnalyzeArgs, { io }: Session): Promise<Analysis> {
  const { path } = await chooseArtifact(args.artifact, args, io, 'analyze');
  return analyzeInventory(await readInventory(path, io.signal ?? new AbortController().signal));
}

function tell(analyses: readonly Analysis[], top: number, { io, json, tool }: Session): string {
  if (!json) {
    const style = chooseStyle(io.stdout, io.env);
    return analyses.map(analysis => formatAnalysis(analysis, top, style)).join('\n');
  }
  const cut = analyses.map(analysis => ({
    ...analysis,
    packages: analysis.packages.slice(0, top),
    kinds: analysis.kinds.slice(0, top),
    largest: analysis.largest.slice(0, top),
  }));
  const [only] = cut;
  return formatDocument(tool, 'analyze', cut.length === 1 && only ? { ...only } : { functions: cut });
}
