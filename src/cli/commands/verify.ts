import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Argv, InferredOptionTypes } from 'yargs';
import { checkBudget } from '../../check/check-budget.ts';
import { namesEntry } from '../../config/find-entry.ts';
import { SlimError } from '../../errors.ts';
import type { Finding } from '../../findings.ts';
import { formatFindings } from '../../report/format-findings.ts';
import { formatVerified, type VerifiedArtifact } from '../../report/format-verify.ts';
import { formatDocument, toFindingContent } from '../../report/json.ts';
import { joinLines } from '../../report/layout.ts';
import { chooseStyle } from '../../report/style.ts';
import type { Context } from '../../types.ts';
import { autoKeep } from '../auto-keep.ts';
import type { Command } from '../command.ts';
import { withContext } from '../context.ts';
import { toExitCode } from '../exit-code.ts';
import { localOptions } from '../local-options.ts';
import { commonOptions, configOptions, outOptions, repeated, single } from '../options.ts';
import { EXIT, type Session } from '../session.ts';
import { listTargets, toTarget, type VerifyTarget } from '../verify-target.ts';
import { toIsolation } from '../with-local.ts';

const tolerance = {
  type: 'number',
  requiresArg: true,
  describe: 'How much numbers may differ, relative [default: 1e-6]',
  coerce: (value: number): number => {
    if (!(value >= 0)) throw new Error('--tolerance has to be one number from 0 on');
    return value;
  },
} as const;

const options = {
  original: single('Zip or folder of the original function'),
  'original-handler': single('Handler setting of the original, where it is another'),
  events: repeated('Glob of JSON files with events [default: events/*.json]; repeatable'),
  record: { type: 'boolean', describe: "Write the original's answers beside the events" },
  tolerance,
  header: repeated('HTTP header that has to be equal [default: content-type]; repeatable'),
  ignore: repeated('Place that may differ, such as body.items.*.id; repeatable'),
  'auto-keep': { type: 'boolean', describe: 'Write what mends it into the config' },
  ...localOptions,
  ...configOptions,
  ...outOptions,
  ...commonOptions,
} as const;
type Args = InferredOptionTypes<typeof options> & { artifact: string | undefined };

/** `verify`: the original and the slim function on the same events. */
export const verifyCommand: Command<Args> = {
  usage: 'verify [artifact]',
  describe: 'Run an artifact and its original on the same events and compare the answers',
  configure: (parser: Argv) =>
    parser
      .positional('artifact', {
        type: 'string',
        describe: 'Zip or unpacked folder; an entry that was built; else every function of the config',
      })
      .options(options)
      .example('$0 verify', 'what build wrote against the functions of the config')
      .example('$0 verify src/handler.ts', 'what build wrote for an entry, without a config')
      .example('$0 verify slim.zip --original full.zip --events "events/*.json"', 'any two artifacts')
      .example('$0 verify full.zip --record', 'record answers, to verify slim.zip without the original')
      .epilogue(
        'Exit codes: 0 the same; 1 a finding of level error; 2 it could not run. See docs/verify.md.',
      ),
  async run(args, session) {
    const { io } = session;
    const { artifact } = args;
    const isArtifact = artifact !== undefined && !(await namesEntry(io.cwd, artifact));
    const targets = isArtifact
      ? [toTarget(artifact, args, io)]
      : await listTargets({ ...args, entry: artifact }, io);
    if (args.record) return recordAll(targets, args, session);
    const results: VerifiedArtifact[] = [];
    const advice: string[] = [];
    for (const target of targets) {
      const result = await withContext(session, args, context => verifyTarget(target, args, context));
      results.push(result);
      if (args['auto-keep']) advice.push(...(await autoKeep(result.findings, target.place)));
    }
    io.stdout.write(formatResults(results, session));
    if (advice.length > 0) io.stderr.write(`${advice.join('\n')}\n`);
    return toExitCode(results);
  },
};

function formatResults(results: readonly VerifiedArtifact[], { io, tool, json }: Session): string {
  if (!json) return results.map(result => formatVerified(result, chooseStyle(io.stdout, io.env))).join('\n');
  const content = results.map(({ artifact, report, findings }) => ({
    artifact,
    ...report,
    findings: findings.map(toFindingContent),
  }));
  return formatDocument(tool, 'verify', { artifacts: content });
}

async function verifyTarget(target: VerifyTarget, args: Args, context: Context): Promise<VerifiedArtifact> {
  const [{ verify }, { joinerFor }, { findSuspects }, { readBuildFacts }, { findMissed }, { nameOwnFiles }] =
    await Promise.all([
      import('../../verify/verify.ts'),
      import('../../verify/join-parts.ts'),
      import('../../verify/suspects.ts'),
      import('../../verify/read-build-facts.ts'),
      import('../../rest/find-missed.ts'),
      import('../../name-own-files.ts'),
    ]);
  const events = await readEvents(target, args);
  const { slim, original } = await openBoth(target, context);
  if (original === null && events.length > 0 && events.every(({ answer }) => answer === null))
    throw new SlimError('USAGE', [
      'There is nothing to compare with: name the original with --original, or record its answers with --record',
      'lambda-slim verify',
      null,
    ]);
  const whole = joinerFor(slim, join(context.workDir, 'whole'));
  const listSuspects = async () => {
    const facts = await readBuildFacts(target.artifact);
    return original ? findSuspects(original.code, whole ? await whole() : slim.code, facts) : [];
  };
  const verified = await verify(
    {
      ...{ original, slim, events, whole },
      options: target.options,
      suspects: listSuspects,
      isolation: toIsolation(args),
    },
    context,
  );
  const missed = target.mayFetch ? findMissed(verified.logs) : [];
  const named = target.fn ? await nameOwnFiles(verified.findings, target.fn) : verified.findings;
  const findings = [...named, ...missed, ...judgeStart(target, verified.report.slim.initMs)];
  return { artifact: target.artifact, report: verified.report, findings };
}

/** The time that it takes to start has a budget where the config gives one. */
function judgeStart({ fn }: VerifyTarget, initMs: number | null): readonly Finding[] {
  const sizes = { zippedBytes: null, unzippedBytes: null, before: null };
  return fn ? checkBudget({ ...sizes, initMs }, fn.budget) : [];
}

/** The folders lie in the work folder, which goes with the context. */
async function openBoth(target: VerifyTarget, context: Context) {
  const [slimDir, originalDir] = [join(context.workDir, 'slim'), join(context.workDir, 'original')];
  await mkdir(slimDir);
  await mkdir(originalDir);
  const slim = await target.openSlim(slimDir, context);
  return { slim, original: await target.openOriginal(slim, originalDir, context) };
}

/** What the command line asks for has to be there; what a config names, or the default, may be missing. */
async function readEvents(
  { options: { events: globs } }: VerifyTarget,
  { events: asked }: Pick<Args, 'events'>,
) {
  const { findEvents } = await import('../../verify/find-events.ts');
  const { events, idle } = await findEvents(globs);
  if (asked && idle.length > 0) throw new SlimError('EVENTS_MISSING', [idle]);
  return events;
}

/** Records the answers of the original; where there is none, of the artifact itself, which is taken for it. */
async function recordAll(targets: readonly VerifyTarget[], args: Args, session: Session): Promise<number> {
  const { recordAnswers } = await import('../../verify/record-answers.ts');
  const results = [];
  for (const target of targets) {
    const events = await readEvents(target, args);
    if (events.length === 0) throw new SlimError('EVENTS_MISSING', [target.options.events]);
    const recorded = await withContext(session, args, async context => {
      const { slim, original } = await openBoth(target, context);
      const { options } = target;
      return recordAnswers(
        { slim: original ?? slim, events, options, isolation: toIsolation(args) },
        context,
      );
    });
    results.push({ artifact: target.artifact, ...recorded });
  }
  const { io, tool, json } = session;
  const content = results.map(result => ({ ...result, findings: result.findings.map(toFindingContent) }));
  const lines = formatFindings(
    results.flatMap(({ findings }) => findings),
    chooseStyle(io.stderr, io.env),
  );
  if (!json && lines.length > 0) io.stderr.write(joinLines(lines));
  io.stdout.write(
    json
      ? formatDocument(tool, 'verify', { recorded: content })
      : `${results.flatMap(({ written }) => written).join('\n')}\n`,
  );
  return EXIT.ok;
}
