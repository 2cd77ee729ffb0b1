import { FORMATS, type Format } from '../report/ci/formats.ts';
import { nameCommand } from './args.ts';

/** Commands with results for CI; `--format` of others is about something else. */
const WITH_FORMAT = ['build', 'check'];

/** The format that a command line asks for, found without the parser, because its own errors have to be reported too. */
export function findFormat(argv: readonly string[]): Format {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  if (own.some(arg => arg === '--json' || arg === '--json=true')) return 'json';
  if (!WITH_FORMAT.includes(nameCommand(own))) return 'text';
  const named = own.flatMap((arg, i) => {
    if (arg === '--format') return own[i + 1] ?? [];
    return arg.startsWith('--format=') ? arg.slice('--format='.length) : [];
  });
  return FORMATS.find(format => format === named.at(-1)) ?? 'text';
}
