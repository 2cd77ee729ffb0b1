import { SlimError } from '../errors.ts';
import { findNearest } from '../util/nearest.ts';

/** The words that a command line may have where it went wrong. */
export interface KnownWords {
  readonly commands: readonly string[];
  /** Commands that a second one follows, with those. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Of that command, such as `--json`. */
  readonly flags: readonly string[];
}

/** Turns what yargs says about a command line into an error of the house, with the word that was meant. */
export function explainUsage(
  rawReason: string,
  argv: readonly string[],
  { commands, groups, flags }: KnownWords,
): SlimError {
  const [first = '', second = ''] = argv;
  const inner = groups[first] ?? [];
  const named = [...(commands.includes(first) ? [first] : []), ...(inner.includes(second) ? [second] : [])];
  const command = ['lambda-slim', ...named].join(' ');
  const unknown = findUnknown(rawReason);
  if (unknown.length === 0) return new SlimError('USAGE', [describeReason(rawReason), command, null]);
  const words = unknown.map(word => (argv.some(arg => isFlag(arg, word)) ? `--${word}` : word));
  const nearest = findMeant(
    words[0] ?? '',
    named.length === 0 ? commands : named.length === 1 ? inner : [],
    flags,
  );
  return new SlimError('USAGE', [`Unknown argument ${words.join(', ')}`, command, nearest]);
}

/** The dashes would count as letters that are alike. */
function findMeant(word: string, commands: readonly string[], flags: readonly string[]): string | null {
  if (!word.startsWith('--')) return findNearest(word, commands)[0] ?? null;
  const names = flags.map(flag => flag.slice(2));
  const [name] = findNearest(word.slice(2), names);
  return name === undefined ? null : `--${name}`;
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
