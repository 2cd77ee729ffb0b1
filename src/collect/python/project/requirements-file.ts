import { basename, dirname, join, resolve } from 'node:path';
import { SlimError } from '../../../errors.ts';
import { hideCredentials } from '../../../python/credentials.ts';
import { environmentOf, type MarkerEnvironment } from '../../../python/markers.ts';
import { explainFile } from '../../../python/parse-file.ts';
import { readText } from '../../../python/read-text.ts';
import { readRequirement } from './requirement-line.ts';
import type { PythonProject, ReadProject, Requirement } from './types.ts';

/** What one file of pip's format says, with the files that it includes. */
type Lists = Pick<PythonProject, 'inputs' | 'requirements' | 'constraints' | 'options'>;

interface Place {
  readonly path: string;
  readonly environment: MarkerEnvironment;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The files that led here. */
  readonly above: readonly string[];
}

/** Reads `requirements.txt` and what it includes. */
export const readRequirementsProject: ReadProject = async (dir, platform, env) => {
  const path = join(dir, 'requirements.txt');
  if ((await readText(path)) === null) return null;
  const lists = await readRequirementsFile(path, environmentOf(platform), env);
  return { kind: 'requirements.txt', path, ...lists, isLocked: false };
};

/** Reads a file of pip's format. Throws `DEPENDENCY_FILE_INVALID`. */
export function readRequirementsFile(
  path: string,
  environment: MarkerEnvironment,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Lists> {
  return readLists({ path, environment, env, above: [] });
}

async function readLists(place: Place): Promise<Lists> {
  const { path, above } = place;
  if (above.includes(path)) throw refuse(path, `it includes itself${describeWay(path, above)}`);
  const text = await readText(path);
  if (text === null) throw refuse(path, `no such file is there, although ${above.at(-1)} includes it`);
  const lists: Lists[] = [{ inputs: [path], requirements: [], constraints: [], options: [] }];
  for (const line of toLines(text)) lists.push(await readLine(line, place));
  return joinLists(lists);
}

/** The files between a file and itself. */
function describeWay(path: string, above: readonly string[]): string {
  const between = above.slice(above.indexOf(path) + 1).map(file => basename(file));
  return between.length > 0 ? `, by way of ${between.join(' and ')}` : '';
}

/** The lines of a file without comments, those that go on joined. */
function toLines(text: string): readonly string[] {
  const joined = text.replace(/\\\r?\n/g, ' ');
  return joined.split(/\r?\n/).flatMap(line => line.replace(/(?:^|\s)#.*$/, '').trim() || []);
}

const OPTION = /^(--?[a-z][a-z-]*?)(?:\s*=\s*|\s+|(?<=^-[rceif])(?=\S)|$)(.*)$/s;

/** Short forms of the options that take a value. */
const LONG: Readonly<Record<string, string>> = {
  '-r': '--requirement',
  '-c': '--constraint',
  '-e': '--editable',
  '-i': '--index-url',
  '-f': '--find-links',
};

/** Options that say where packages are, and which of them count. */
const WHERE = [
  ...['--index-url', '--extra-index-url', '--no-index', '--find-links', '--trusted-host'],
  ...['--pre', '--require-hashes'],
];

/** Decided here: which wheels fit, and what is built. */
const OURS = ['--no-binary', '--only-binary', '--use-feature', '--prefer-binary'];

async function readLine(line: string, place: Place): Promise<Lists> {
  if (!line.startsWith('-')) return oneRequirement(line, place);
  const [, name = line, value = ''] = OPTION.exec(line) ?? [];
  const option = LONG[name] ?? name;
  const file = (): Place => {
    if (/^https?:/.test(value)) throw refuse(place.path, `it includes ${value}; only files can be included`);
    return { ...place, path: resolve(dirname(place.path), value), above: [...place.above, place.path] };
  };
  if (option === '--requirement') return readLists(file());
  if (option === '--constraint') return toConstraints(await readLists(file()));
  if (option === '--editable') return oneRequirement(value, place);
  if (OURS.includes(option)) return joinLists([]);
  if (!WHERE.includes(option)) throw refuse(place.path, `pip knows no option ${option} in such a file`);
  return { ...joinLists([]), options: [toOption(option, value, place.path)] };
}

/** What a constraints file holds is no wish to install it. */
function toConstraints({ requirements, ...lists }: Lists): Lists {
  return {
    ...lists,
    requirements: [],
    constraints: [...lists.constraints, ...requirements.map(({ text }) => text)],
  };
}

/** A folder of wheels is named from where the file lies. */
function toOption(option: string, value: string, path: string): string {
  const isFolder = option === '--find-links' && !/^[a-z][a-z\d+.-]+:/i.test(value);
  return `${option} ${isFolder ? resolve(dirname(path), value) : value}`.trim();
}

const PER_LINE = /\s--(hash|config-settings?|global-option|install-option)(?:\s*=\s*|\s+)(\S+)/g;

function oneRequirement(line: string, { path, environment, env }: Place): Lists {
  const hashes = [...line.matchAll(PER_LINE)].flatMap(([, kind, value = '']) =>
    kind === 'hash' ? value : [],
  );
  const text = line.replace(PER_LINE, '').trim();
  const expanded = /\.\/|@|:/.test(text) ? expandVariables(text, env) : text;
  const found = explainFile(path, () => readRequirement(expanded, dirname(path), environment, hashes));
  const requirements: readonly Requirement[] = found ? [found] : [];
  return { ...joinLists([]), requirements };
}

/** `${NAME}`, as pip writes it; a name that has no value stays. */
function expandVariables(text: string, env: Place['env']): string {
  return text.replace(/\$\{([A-Z\d_]+)\}/g, (all, name: string) => env[name] ?? all);
}

function joinLists(lists: readonly Lists[]): Lists {
  return {
    inputs: lists.flatMap(({ inputs }) => inputs),
    requirements: lists.flatMap(({ requirements }) => requirements),
    constraints: lists.flatMap(({ constraints }) => constraints),
    options: lists.flatMap(({ options }) => options),
  };
}

function refuse(path: string, reason: string): SlimError {
  return new SlimError('DEPENDENCY_FILE_INVALID', [path, hideCredentials(reason)]);
}
