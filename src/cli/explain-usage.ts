import { SlimError } from '../errors.ts';
import { findNearest } from '../util/nearest.ts';

/** Turns what yargs says about a command line into an error of the house, with the word that was meant. */
export function explainUsage(
  rawReason: string,
  argv: readonly string[],
  known: readonly string[],
): SlimError {
  const command = argv[0] && known.includes(argv[0]) ? `lambda-slim ${argv[0]}` : 'lambda-slim';
  const unknown = findUnknown(rawReason);
  if (unknown.length === 0) return new SlimError('USAGE', [describeReason(rawReason), command, null]);
  const words = unknown.map(word => (argv.some(arg => isFlag(arg, word)) ? `--${word}` : word));
  const nearest = findNearest(words[0] ?? '', known)[0] ?? null;
  return new SlimError('USAGE', [`Unknown argument ${words.join(', ')}`, command, nearest]);
}

/** Yargs names an unknown flag twice, as it was written and in camel case. */
function findUnknown(reason: string): readonly string[] {
  const list = /^Unknown (?:argument|command)s?: (.*)$/s.exec(reason)?.[1]?.split(', ') ?? [];
  const kebab = list.map(word => word.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`));
  return list.filter((_, i) => kebab.indexOf(kebab[i] ?? '') === i);
}

function isFlag(arg: string, word: string): boolean {
  return arg === `--${word}` || arg.startsWith(`--${word}=`) || arg === `--no-${word}`;
}

function describeReason(reason: string): string {
  const [, name, given, choices] = /Argument: (.*), Given: (.*), Choices: (.*)/.exec(reason) ?? [];
  if (name) return `--${name} has to be one of ${choices}, not ${given}`;
  const missing = /^Not enough arguments following: (.*)$/.exec(reason)?.[1];
  if (missing) return `--${missing} needs a value`;
  return reason.replace(/\.$/, '');
}
