import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Argv, InferredOptionTypes } from 'yargs';
import { SlimError } from '../../errors.ts';
import { findCacheDir } from '../../util/cache-dir.ts';
import { errnoOf } from '../../util/fs.ts';
import type { Command } from '../command.ts';
import { findBuilt } from '../find-built.ts';
import { commonOptions, configOptions, outOptions, platformOptions, positive, single } from '../options.ts';
import { EXIT } from '../session.ts';

const options = {
  event: single('JSON file with the event [default: {}]'),
  handler: single('Handler setting [default: as built, else index.handler]'),
  runtime: platformOptions.runtime,
  timeout: positive('timeout', 'Seconds until the function is stopped [default: 30]'),
  memory: positive('memory', 'Memory size that the function is told, MiB [default: 1024]'),
  ...configOptions,
  ...outOptions,
  ...commonOptions,
} as const;
type InvokeArgs = InferredOptionTypes<typeof options> & { zip: string | undefined };

/** `invoke`: runs the handler of a zip once, unpacked into an empty folder. */
export const invokeCommand: Command<InvokeArgs> = {
  usage: 'invoke [zip]',
  describe: 'Run the handler of a zip on one event, in an empty folder',
  configure: (parser: Argv) =>
    parser
      .positional('zip', { type: 'string', describe: 'Zip of a function; else the one that build wrote' })
      .options(options)
      .example('$0 invoke --event event.json', 'what build wrote for this project')
      .example('$0 invoke function.zip', 'any zip, with the event {}')
      .epilogue(
        'stdout gets the answer as JSON, stderr what the handler logs.\nExit codes: 0 it answered; 1 the handler failed; 2 it could not run.',
      ),
  async run(args, { io, reporter }) {
    const zip = args.zip === undefined ? await findBuilt(args, io, 'invoke') : resolve(io.cwd, args.zip);
    const event = args.event === undefined ? {} : await readEvent(resolve(io.cwd, args.event));
    const { invokeZip } = await import('../../lambda/invoke-zip.ts');
    const outcome = await invokeZip(zip, event, {
      handler: args.handler,
      runtime: args.runtime,
      timeoutMs: args.timeout === undefined ? undefined : args.timeout * 1000,
      memoryMiB: args.memory,
      cacheDir: args.cache === false ? null : findCacheDir(io.cwd, io.env),
      env: io.env,
      signal: io.signal ?? new AbortController().signal,
      onLog: text => void io.stderr.write(text),
    });
    io.stdout.write(reporter.invocation({ zip, ...outcome }));
    return outcome.error === null ? EXIT.ok : EXIT.finding;
  },
};

async function readEvent(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = errnoOf(error) ?? (error instanceof Error ? error.message : String(error));
    throw new SlimError('INPUT_UNREADABLE', [path, reason], { cause: error });
  }
}
