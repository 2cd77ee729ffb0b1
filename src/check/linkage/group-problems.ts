import type { LinkageFinding } from '../../findings.ts';
import { compareCodeUnits } from '../../util/path.ts';
import { compareVersions } from './compare-versions.ts';
import { unitOf } from './name-parts.ts';
import { isForeign } from './settle-levels.ts';
import type { PlacedFile, Problem } from './types.ts';

type Group = readonly [Problem, ...Problem[]];

/** A finding names so many of its files. */
const MAX_PATHS = 50;

/** Dead weight of a package below this is a word for all packages together, above it a warning of its own, bytes. */
const SMALL_BYTES = 1024 * 1024;

/** Facts that are gathered over a group. The others make it, save those that are told of one member only. */
const GATHERED = ['libraries', 'symbols', 'machines', 'systems', 'libcs', 'abis'] as const;
const OF_ONE: ReadonlySet<string> = new Set([
  ...GATHERED,
  'chain',
  'reason',
  'own',
  'elsewhere',
  'needs',
  'fits',
]);

/** One finding for all files of a package about which the same is to be said, so that a whole tree for another system is not a hundred. */
export function groupProblems(problems: readonly Problem[]): readonly LinkageFinding[] {
  const byPackage = groupBy(problems, problem => [unitOf(problem.file.path).key, ...keyOf(problem)]);
  const small = byPackage.filter(isSmallWeight);
  const large = byPackage.filter(group => !isSmallWeight(group));
  return [...large.map(toFinding), ...groupBy(small.flat(), keyOf).map(toWord)].sort(
    (a, b) => compareCodeUnits(a.code, b.code) || compareCodeUnits(a.package, b.package),
  );
}

function groupBy(
  problems: readonly Problem[],
  keyOf: (problem: Problem) => readonly unknown[],
): readonly Group[] {
  const groups = new Map<string, [Problem, ...Problem[]]>();
  for (const problem of problems) {
    const key = JSON.stringify(keyOf(problem));
    const group = groups.get(key);
    if (group) group.push(problem);
    else groups.set(key, [problem]);
  }
  return [...groups].sort(([a], [b]) => compareCodeUnits(a, b)).map(([, group]) => group);
}

/** Two libraries that are missing are two things to say, two kinds of damage or libraries off the path are not. */
function keyOf({ facts }: Problem): readonly unknown[] {
  const why =
    facts.code === 'LIB_MISSING' ? [facts.reason, facts.reason === 'missing' && facts.libraries] : null;
  return [facts.code, why, Object.entries(facts).filter(([name]) => !OF_ONE.has(name))];
}

function isSmallWeight(group: Group): boolean {
  const [first] = group;
  if ('mixed' in first.facts && first.facts.mixed) return false;
  return isForeign(first) && first.facts.level === 'warning' && sumBytes(filesOf(group)) < SMALL_BYTES;
}

function toWord(group: Group): LinkageFinding {
  return { ...toFinding(group), level: 'info' };
}

function toFinding(group: Group): LinkageFinding {
  const files = filesOf(group);
  const first = [...group].sort(byNeeds)[0] ?? group[0];
  return {
    ...first.facts,
    ...gather(group),
    package: nameUnits(files),
    paths: files.slice(0, MAX_PATHS).map(({ path }) => path),
    count: files.length,
    bytes: sumBytes(files),
  } as LinkageFinding;
}

function filesOf(group: Group): readonly PlacedFile[] {
  return [...new Set(group.map(({ file }) => file))].sort((a, b) => compareCodeUnits(a.path, b.path));
}

function sumBytes(files: readonly PlacedFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The group is told by the member that asks for the newest version, else by the first in order. */
function byNeeds(a: Problem, b: Problem): number {
  return compareVersions(versionOf(b), versionOf(a)) || compareCodeUnits(a.file.path, b.file.path);
}

function versionOf({ facts }: Problem): string {
  return 'needs' in facts && facts.code !== 'LIB_SHADOWED' ? String(facts.needs) : '0';
}

function gather(group: Group): Readonly<Record<string, readonly string[]>> {
  const gathered: Record<string, readonly string[]> = {};
  // A group may hold builds for several versions of Node.js, each of which fits another runtime.
  const names = group[0].facts.code === 'NODE_ABI_MISMATCH' ? [...GATHERED, 'fits'] : GATHERED;
  for (const name of names) {
    const lists = group.flatMap(({ facts }) => (facts as Readonly<Record<string, unknown>>)[name] ?? []);
    if (lists.length > 0) gathered[name] = [...new Set(lists as string[])].sort(compareCodeUnits);
  }
  return gathered;
}

/** The folder of a package; what builds of it for several platforms have in common (`@img/sharp*`); or how many packages. */
function nameUnits(files: readonly PlacedFile[]): string {
  const units = files.map(({ path }) => unitOf(path));
  const dirs = new Set(units.map(({ dir }) => dir));
  const keys = new Set(units.map(({ key }) => key));
  const [dir = ''] = dirs;
  if (dirs.size === 1) return dir;
  return keys.size === 1 ? `${[...keys][0]}*` : `${keys.size} packages`;
}
