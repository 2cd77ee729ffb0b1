import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseListing } from '../../src/presets/listing.ts';
import type { PresetLibrary } from '../../src/presets/schema.ts';
import { type Pruned, type PruneOptions, prune } from '../../src/prune/prune.ts';
import type { FileEntry, Platform, Tree } from '../../src/types.ts';
import { orNull } from '../../src/util/fs.ts';
import { compareCodeUnits, toArtifactPath, toPosix } from '../../src/util/path.ts';
import { pythonPlatform } from '../helpers/python-project.ts';

export const PYPI_FIXTURES = join(process.cwd(), 'fixtures/presets/pypi');

/** One recorded distribution: `<name>/<version>` for x64, `<name>/<version>-arm64`. Recorded by `bench/record-pypi.ts`. */
export interface PypiFixture {
  readonly name: string;
  readonly version: string;
  readonly dir: string;
  readonly platform: Platform;
  readonly tree: Tree;
}

/** Reads every recorded distribution, sorted by code unit. */
export async function readPypiFixtures(): Promise<readonly PypiFixture[]> {
  const found = (await readdir(PYPI_FIXTURES, { recursive: true })).map(toPosix);
  const ids = found.filter(path => path.endsWith('/tree.txt')).map(path => dirname(path));
  return Promise.all(ids.sort(compareCodeUnits).map(readPypiFixture));
}

async function readPypiFixture(id: string): Promise<PypiFixture> {
  const name = dirname(id);
  const [, version = '', arm] = /^(.*?)(-arm64)?$/.exec(id.slice(name.length + 1)) ?? [];
  const dir = join(PYPI_FIXTURES, id);
  const file = join(dir, 'tree.txt');
  const traced = new Set(((await orNull(readFile(join(dir, 'traced.txt'), 'utf8'))) ?? '').split('\n'));
  const entries = parseListing(await readFile(file, 'utf8'), file).map(
    ({ path, bytes }): FileEntry => ({
      kind: 'file',
      path: toArtifactPath(path),
      source: { kind: 'memory', data: new Uint8Array() },
      bytes,
      mode: 0o644,
      origin: traced.has(path)
        ? { kind: 'traced', parents: ['app.py'] }
        : { kind: 'package', package: `${name}@${version}`, parents: [] },
    }),
  );
  const instance = {
    ecosystem: 'pypi',
    name,
    version,
    dir: '',
    owns: entries.map(({ path }) => path),
  } as const;
  const tree = { entries, packages: [instance], removals: [] };
  return { name, version, dir, platform: pythonPlatform('3.12', arm ? 'arm64' : 'x64'), tree };
}

/** What the function of every recording declares. */
const DECLARED = { awsServices: ['s3', 'dynamodb'] };

/** Prunes a recorded distribution with the built-in presets, at level safe unless told otherwise. */
export function prunePypiFixture(
  { tree, platform }: PypiFixture,
  library: PresetLibrary,
  options: Partial<PruneOptions> = {},
): Pruned {
  const defaults = { library, level: 'safe', disable: [], enable: [], keep: [], declared: DECLARED } as const;
  return prune(tree, { ...defaults, ...options }, platform);
}

interface Verdict {
  readonly path: string;
  readonly verdict: string;
}

/** `<keep|rule-id> <path>` for every file, and one line `<keep|rule-id> <folder>/**` for a folder in which all have one verdict. */
export function formatFolders({ tree }: Pruned): string {
  const rows: readonly Verdict[] = [
    ...tree.entries.map(({ path }) => ({ path, verdict: 'keep' })),
    ...tree.removals.map(({ path, rule }) => ({ path, verdict: rule.id })),
  ];
  return foldRows(rows, '')
    .map(({ path, verdict }) => `${verdict} ${path}\n`)
    .join('');
}

function foldRows(rows: readonly Verdict[], prefix: string): readonly Verdict[] {
  const groups = new Map<string, Verdict[]>();
  for (const row of rows) {
    const end = row.path.indexOf('/', prefix.length);
    const key = row.path.slice(0, end < 0 ? undefined : end + 1);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .flatMap(([key, group]) => {
      const [{ verdict } = { verdict: '' }] = group;
      if (!key.endsWith('/')) return group;
      return group.every(row => row.verdict === verdict)
        ? [{ path: `${key}**`, verdict }]
        : foldRows(group, key);
    });
}
