import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../../findings.ts';
import { LEFT_TO_RUNTIME } from '../../../platform/runtime-packages.ts';
import { matchGlobs } from '../../../presets/match-glob.ts';
import { formatRecord } from '../../../python/record.ts';
import type { Entry, Origin, PackageInstance, PythonOptions, Removal } from '../../../types.ts';
import { toArtifactPath } from '../../../util/path.ts';
import { mapPool } from '../../../util/pool.ts';
import { statFile } from '../../list-files.ts';
import { toEntry } from '../../to-entry.ts';
import type { Reached } from '../own/trace-python.ts';
import type { PythonProject } from '../project/types.ts';
import { findClashes } from './find-clashes.ts';
import { whyLeftOut } from './leave-out.ts';
import { findLeftToRuntime, tellLeftToRuntime } from './leave-to-runtime.ts';
import { listInstalled } from './list-installed.ts';
import { type Distribution, readDistributions } from './read-distributions.ts';

/** What was installed, as entries of the tree. */
export interface InstalledEntries {
  readonly entries: readonly Entry[];
  readonly packages: readonly PackageInstance[];
  readonly removals: readonly Removal[];
  readonly findings: readonly Finding[];
  /** Of all that was installed. */
  readonly bytes: number;
  readonly files: number;
}

/** Files opened at a time. */
const OPEN_FILES = 32;

export interface InstalledRequest {
  /** The folder that was installed into. */
  readonly dir: string;
  /** What the handler's imports reach, by path in the artifact. */
  readonly reached: ReadonlyMap<string, Reached>;
  /** Globs of the user that beat everything. */
  readonly keep: readonly string[];
  readonly runtimeProvides: PythonOptions['runtimeProvides'];
  readonly project: PythonProject | null;
}

/** Takes every distribution whole: an import may be missed, and deciding what goes is the business of presets. */
export async function installedEntries(request: InstalledRequest): Promise<InstalledEntries> {
  const { dir, reached, keep, runtimeProvides, project } = request;
  const { distributions, findings } = await readDistributions(dir);
  const left = await findLeftToRuntime(dir, distributions, runtimeProvides, project);
  const listed = await listInstalled(dir);
  const [named, nameless] = partition(listed, path => !path.includes('\uFFFD'));
  const owners = ownersOf(distributions);
  const origins = makeOrigins(owners, reached);
  const isKept = matchGlobs(keep);
  const made = await mapPool(named, OPEN_FILES, async path => {
    const owner = owners.get(path);
    const isLeft = owner !== undefined && left.includes(owner);
    const rule = isKept(path) ? null : isLeft ? LEFT_TO_RUNTIME : await whyLeftOut(dir, path);
    if (rule === null) return toEntry(await statFile(join(dir, path)), dir, origins(path));
    const { size: bytes } = await lstat(join(dir, path));
    return { removal: { path, bytes, rule, ...(owner ? { package: labelOf(owner) } : {}) } };
  });
  const entries = made.filter(each => 'kind' in each);
  const removals = made.flatMap(each => ('removal' in each ? each.removal : []));
  const rewritten = rewriteRecords(entries, distributions);
  return {
    entries: rewritten,
    packages: distributions.filter(each => !left.includes(each)).map(each => toInstance(each, entries)),
    removals,
    findings: [
      ...findings,
      ...tellLeftToRuntime(left, project),
      ...findClashes(distributions, new Set(listed)),
      ...made.filter(each => 'code' in each),
      ...nameless.map(path => ({ code: 'NAME_NOT_UTF8' as const, level: 'warning' as const, path })),
    ],
    bytes: [...entries, ...removals].reduce((sum, each) => sum + ('bytes' in each ? each.bytes : 0), 0),
    files: listed.length,
  };
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): readonly [T[], T[]] {
  return [items.filter(test), items.filter(item => !test(item))];
}

function labelOf({ name, version }: Distribution): string {
  return `${name}@${version}`;
}

/** Of several distributions that record a path the first has it. */
function ownersOf(distributions: readonly Distribution[]): ReadonlyMap<string, Distribution> {
  const owners = new Map<string, Distribution>();
  for (const each of distributions) {
    for (const path of each.owned.keys()) if (!owners.has(path)) owners.set(path, each);
  }
  return owners;
}

/** What the imports reach says from where; the rest is there with its package, which what first reached it brought. */
function makeOrigins(
  owners: ReadonlyMap<string, Distribution>,
  reached: ReadonlyMap<string, Reached>,
): (path: string) => Origin {
  const bringers = new Map<Distribution, string>();
  for (const [path, { parent }] of reached) {
    const owner = owners.get(path);
    const isFromElsewhere = parent !== null && owners.get(parent) !== owner;
    if (owner && isFromElsewhere && !bringers.has(owner)) bringers.set(owner, parent);
  }
  return path => {
    const parent = reached.get(path)?.parent;
    if (parent) return { kind: 'traced', parents: [parent] };
    const owner = owners.get(path);
    const bringer = owner && bringers.get(owner);
    const name = owner ? labelOf(owner) : 'what was installed';
    return { kind: 'package', package: name, parents: bringer ? [bringer] : [] };
  };
}

function toInstance({ name, version, owned }: Distribution, entries: readonly Entry[]): PackageInstance {
  const owns = entries.flatMap(({ path }) => (owned.has(path) ? path : []));
  return { ecosystem: 'pypi', name, version, dir: '', owns };
}

/** pip and uv write other lines in another order, so each RECORD is written anew: what is there, sorted. */
function rewriteRecords(entries: readonly Entry[], distributions: readonly Distribution[]): readonly Entry[] {
  const records = new Map(distributions.map(each => [`${each.infoDir}/RECORD`, each]));
  return entries.map(entry => {
    const distribution = records.get(entry.path);
    if (!distribution || entry.kind === 'link') return entry;
    const lines = entries.flatMap(each => {
      const line = distribution.owned.get(each.path);
      if (!line) return [];
      const bytes = each.kind === 'file' ? each.bytes : null;
      return [
        each === entry
          ? { path: each.path, hash: '', bytes: null }
          : { path: each.path, hash: line.hash, bytes },
      ];
    });
    const data = Buffer.from(formatRecord(lines));
    const source = { kind: 'memory', data } as const;
    return { ...entry, path: toArtifactPath(entry.path), source, bytes: data.length };
  });
}
