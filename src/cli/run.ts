import { SlimError } from '../errors.ts';
import { makeCiReporter } from '../report/ci/ci-reporter.ts';
import type { Format } from '../report/ci/formats.ts';
import { formatError } from '../report/format-error.ts';
import type { Tool } from '../report/json.ts';
import { makeJsonReporter } from '../report/json-reporter.ts';
import type { Reporter } from '../report/reporter.ts';
import { chooseStyle } from '../report/style.ts';
import { makeTextReporter } from '../report/text-reporter.ts';
import { readOwnManifest } from '../util/own-manifest.ts';
import { nameCommand, parseArgs } from './args.ts';
import { findFormat } from './find-format.ts';
import { holdOutputs } from './hold-commands.ts';
import type { Io } from './io.ts';
import { EXIT } from './session.ts';

/** Runs a command line and gives its exit code: 0 done, 1 a finding of level error, 2 it could not run. Never throws. */
export async function run(argv: readonly string[], rawIo: Io): Promise<number> {
  const format = findFormat(argv);
  const io = holdOutputs(rawIo, format);
  const tool: Tool = { name: 'lambda-slim', version: (await readOwnManifest()).version };
  const reporter = makeReporter(format, tool, argv, io);
  try {
    const parsed = parseArgs(argv, tool.version, chooseStyle(io.stdout, io.env).columns);
    if (parsed.kind === 'command')
      return await parsed.run({ io, tool, reporter, json: format === 'json', format });
    io.stdout.write(parsed.text);
    return EXIT.ok;
  } catch (error) {
    return reportFailure(toForeseen(error, io), argv, io, reporter);
  }
}

function makeReporter(format: Format, tool: Tool, argv: readonly string[], io: Io): Reporter {
  if (format === 'json') return makeJsonReporter(tool, nameCommand(argv));
  const text = makeTextReporter(chooseStyle(io.stdout, io.env));
  return format === 'text' ? text : makeCiReporter(format, text, { version: tool.version, cwd: io.cwd });
}

function reportFailure(error: unknown, argv: readonly string[], io: Io, reporter: Reporter): number {
  io.stderr.write(formatError(error, { debug: hasFlag(argv, 'debug') }, chooseStyle(io.stderr, io.env)));
  io.stdout.write(reporter.error(error));
  return EXIT.failed;
}

/** Whatever breaks after the user asked us to stop broke because of that. */
function toForeseen(error: unknown, io: Io): unknown {
  const isKnown = error instanceof SlimError;
  return io.signal?.aborted && !isKnown ? new SlimError('CANCELLED', [], { cause: error }) : error;
}

/** Looks without the parser, because its own errors have to be reported too. */
function hasFlag(argv: readonly string[], name: string): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).some(arg => arg === `--${name}` || arg === `--${name}=true`);
}
