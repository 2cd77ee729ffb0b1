import type { Platform } from '../types.ts';
import { normalizeName } from './names.ts';
import { compareVersions, fitsSpecifiers, isVersion } from './versions.ts';

/** What the environment markers of PEP 508 ask about, of the target. */
export type MarkerEnvironment = Readonly<Record<string, string>>;

/**
 * The target as markers see it. Of the patch level nobody knows more than that it is there, so it is 0, as it is for uv: what
 * only early patch releases need is installed.
 */
export function environmentOf({ runtime, arch }: Pick<Platform, 'runtime' | 'arch'>): MarkerEnvironment {
  return {
    implementation_name: 'cpython',
    implementation_version: `${runtime.version}.0`,
    os_name: 'posix',
    platform_machine: arch === 'x64' ? 'x86_64' : 'aarch64',
    platform_python_implementation: 'CPython',
    platform_release: '',
    platform_system: 'Linux',
    platform_version: '',
    python_full_version: `${runtime.version}.0`,
    python_version: runtime.version,
    sys_platform: 'linux',
  };
}

const TOKEN = /\s*(?:(\(|\))|(<=|<|!=|===?|>=|>|~=)|'([^']*)'|"([^"]*)"|([\w.]+))/y;

type Token =
  | { readonly kind: 'sign' | 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string };

/** Whether a marker holds in an environment; `extras` are those that are asked for. Throws `SyntaxError` on what is no marker. */
export function holds(
  marker: string,
  environment: MarkerEnvironment,
  extras: readonly string[] = [],
): boolean {
  const reader = makeReader(marker);
  const one = (): boolean => {
    if (reader.skip('(')) {
      const value = either();
      if (!reader.skip(')')) throw new SyntaxError(`the marker ${JSON.stringify(marker)} lacks a ")"`);
      return value;
    }
    const left = reader.take();
    const operator = reader.skip('not') ? `not ${reader.take().text}` : reader.take().text;
    return compare(left, operator, reader.take(), environment, extras);
  };
  // Every part is read, also where the first has settled the matter.
  const list = (word: string, read: () => boolean): readonly boolean[] => [
    read(),
    ...(reader.skip(word) ? list(word, read) : []),
  ];
  const both = (): boolean => list('and', one).every(Boolean);
  const either = (): boolean => list('or', both).some(Boolean);
  const value = either();
  if (!reader.isAtEnd())
    throw new SyntaxError(`the marker ${JSON.stringify(marker)} goes on where it should end`);
  return value;
}

function makeReader(marker: string) {
  const tokens = tokenize(marker);
  let at = 0;
  return {
    isAtEnd: (): boolean => at === tokens.length,
    take: (): Token => {
      const token = tokens[at++];
      if (!token) throw new SyntaxError(`the marker ${JSON.stringify(marker)} is cut short`);
      return token;
    },
    skip: (text: string): boolean => {
      const isNext = tokens[at]?.kind !== 'string' && tokens[at]?.text === text;
      if (isNext) at++;
      return isNext;
    },
  };
}

function tokenize(marker: string): readonly Token[] {
  const pattern = new RegExp(TOKEN);
  const tokens: Token[] = [];
  const text = marker.trimEnd();
  while (pattern.lastIndex < text.length) {
    const [found, bracket, sign, single, double, word] = pattern.exec(text) ?? [];
    if (found === undefined) throw new SyntaxError(`${JSON.stringify(marker)} is no marker`);
    if (single !== undefined || double !== undefined)
      tokens.push({ kind: 'string', text: single ?? double ?? '' });
    else tokens.push({ kind: word === undefined ? 'sign' : 'word', text: bracket ?? sign ?? word ?? '' });
  }
  return tokens;
}

/** Old files write `sys.platform` for `sys_platform`. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  python_implementation: 'platform_python_implementation',
};

function compare(
  left: Token,
  operator: string,
  right: Token,
  environment: MarkerEnvironment,
  extras: readonly string[],
): boolean {
  if (left.text === 'extra' || right.text === 'extra') {
    const asked = normalizeName(left.kind === 'string' ? left.text : right.text);
    return extras.map(normalizeName).includes(asked) === (operator !== '!=');
  }
  const readOperand = ({ kind, text }: Token): string => {
    if (kind === 'string') return text;
    const name = text.replaceAll('.', '_');
    const value = environment[OLD_NAMES[name] ?? name];
    if (value === undefined)
      throw new SyntaxError(`a marker asks for ${JSON.stringify(text)}, which does not exist`);
    return value;
  };
  return compareValues(readOperand(left), operator, readOperand(right));
}

function compareValues(left: string, operator: string, right: string): boolean {
  if (operator === 'in') return right.includes(left);
  if (operator === 'not in') return !right.includes(left);
  if (isVersion(left) && isVersion(right.replace(/\.\*$/, '')))
    return fitsSpecifiers(left, `${operator}${right}`);
  if (operator === '==' || operator === '===') return left === right;
  if (operator === '!=') return left !== right;
  const order =
    isVersion(left) && isVersion(right)
      ? compareVersions(left, right)
      : left < right
        ? -1
        : Number(left > right);
  return operator.startsWith('<')
    ? order < 0 || (order === 0 && operator === '<=')
    : order > 0 || (order === 0 && operator === '>=');
}
