import { isUtf8 } from 'node:buffer';
import type { Argv, InferredOptionTypes } from 'yargs';
import { toErrorPayload } from '../../gateway/error-payload.ts';
import { PRELUDE_TYPE, splitPrelude } from '../../gateway/prelude.ts';
import type { Invocation, LocalFunction, Outcome } from '../../lambda/types.ts';
import { formatIsolation } from '../../report/format-isolation.ts';
import type { RawAnswer } from '../../report/reporter.ts';
import { chooseArtifact } from '../choose-artifact.ts';
import type { Command } from '../command.ts';
import { localOptions } from '../local-options.ts';
import { commonOptions, configOptions, outOptions, single, whole } from '../options.ts';
import { readEvent } from '../read-event.ts';
import { EXIT } from '../session.ts';

const options = {
  event: single('JSON file with the event, JSON itself, or - for stdin [default: {}]'),
  times: whole('times', 'How often; the first is a cold start, the others are warm [default: 1]', 1, 10_000),
  ...localOptions,
  ...configOptions,
  ...outOptions,
  ...commonOptions,
} as const;
type InvokeArgs = InferredOptionTypes<typeof options> & { artifact: string | undefined };

/** `invoke`: runs the handler of an artifact the way Lambda does, once or a few times. */
export const invokeCommand: Command<InvokeArgs> = {
  usage: 'invoke [artifact]',
  describe: 'Run the handler of an artifact on one event, as Lambda does',
  configure: (parser: Argv) =>
    parser
      .positional('artifact', { type: 'string', describe: 'Zip or folder; else the zip that build wrote' })
      .options(options)
      .example('$0 invoke --event event.json', 'what build wrote for this project')
      .example('$0 invoke function.zip', 'any zip, with the event {}')
      .epilogue(
        'stdout gets the answer as JSON, stderr what the handler logs.\nExit codes: 0 it answered; 1 the handler failed; 2 it could not run.',
      ),
  async run(args, { io, reporter }) {
    const event = await readEvent(args.event, io);
    const { path: zip, environment } = await chooseArtifact(args.artifact, args, io, 'invoke');
    const { withLocal } = await import('../with-local.ts');
    const local = { ...args, env: { ...environment, ...args.env } };
    return withLocal(zip, local, io, async (fn, { runtime }) => {
      const runs = await invokeTimes(fn, event, args.times ?? 1, io.signal);
      const { outcome } = runs.at(-1) as Invocation;
      const error = outcome.kind === 'answer' ? null : outcome.error;
      io.stderr.write(`${formatIsolation(fn.isolation)}\n`);
      io.stdout.write(
        reporter.invocation({
          zip,
          error: error && toErrorPayload(error, runtime.language),
          ...readOutcome(outcome),
          runs: runs.map(({ report }) => report),
          isolation: fn.isolation,
        }),
      );
      return error ? EXIT.finding : EXIT.ok;
    });
  },
};

/** Stops at the first failure, which is what the user wants to see. */
async function invokeTimes(
  fn: LocalFunction,
  event: string,
  times: number,
  signal: AbortSignal | undefined,
): Promise<readonly Invocation[]> {
  const runs: Invocation[] = [];
  for (let i = 0; i < times; i++) {
    const run = await fn.invoke(event, signal ? { signal } : {});
    runs.push(run);
    if (run.outcome.kind === 'error' || (run.outcome.kind === 'stream' && run.outcome.error)) break;
  }
  return runs;
}

function readOutcome(outcome: Outcome): { readonly answer: unknown; readonly raw: RawAnswer | null } {
  if (outcome.kind === 'error') return { answer: null, raw: null };
  if (outcome.kind === 'answer') {
    const answer = parseJson(Buffer.from(outcome.body).toString('utf8'));
    if (answer !== undefined) return { answer, raw: null };
  }
  return { answer: null, raw: toRawAnswer(outcome.body, outcome.contentType) };
}

function toRawAnswer(bytes: Uint8Array, contentType: string): RawAnswer {
  const split = contentType.startsWith(PRELUDE_TYPE) ? splitPrelude(bytes) : null;
  const body = split?.rest ?? bytes;
  const isText = isUtf8(body);
  return {
    contentType,
    prelude: split ? (parseJson(split.prelude) ?? null) : null,
    body: Buffer.from(body).toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
}

/** Undefined where it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
