import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseListing } from '../../src/presets/listing.ts';
import type { PresetLibrary } from '../../src/presets/schema.ts';
import { type Pruned, type PruneOptions, prune } from '../../src/prune/prune.ts';
import type { Arch, FileEntry, PackageInstance, Platform, Tree } from '../../src/types.ts';
import { orNull } from '../../src/util/fs.ts';
import { compareCodeUnits, toArtifactPath, toPosix } from '../../src/util/path.ts';

export const FIXTURES = join(process.cwd(), 'fixtures/presets/npm');

/** A recorded install: one package, and those that lie beside it in node_modules. */
export interface PresetFixture {
  readonly name: string;
  readonly version: string;
  readonly dir: string;
  readonly tree: Tree;
  /** Paths in the artifact at which the trace enters the package. */
  readonly entries: readonly string[];
}

export function platformOf(arch: Arch): Platform {
  const runtime = {
    id: 'nodejs24.x',
    language: 'nodejs',
    version: '24',
    os: 'al2023',
    glibc: '2.34',
    glibcxx: '3.4.29',
    cxxabi: '1.3.13',
    deprecated: null,
    blockCreate: null,
    blockUpdate: null,
  } as const;
  return { runtime, os: 'linux', arch, libc: 'glibc' };
}

/** Reads every fixture, sorted; a fixture is a folder with a `tree.txt`. */
export async function readFixtures(): Promise<readonly PresetFixture[]> {
  const found = (await readdir(FIXTURES, { recursive: true })).map(toPosix);
  const ids = found.filter(path => path.endsWith('/tree.txt')).map(path => dirname(path));
  return Promise.all(ids.sort(compareCodeUnits).map(readFixture));
}

/** Reads `<package>/<version>`. */
export async function readFixture(id: string): Promise<PresetFixture> {
  const main = await readPackage(id);
  const beside = (await orNull(readFile(join(FIXTURES, id, 'beside.txt'), 'utf8'))) ?? '';
  const ids = beside.split('\n').filter(Boolean).map(toId);
  const others = await Promise.all(ids.map(readPackage));
  const packages = [main, ...others];
  const { name, version } = main.instance;
  const entries = packages.flatMap(({ files }) => files).sort((a, b) => compareCodeUnits(a.path, b.path));
  const tree = { entries, packages: packages.map(({ instance }) => instance), removals: [] };
  return { name, version, dir: join(FIXTURES, id), tree, entries: main.entries };
}

/** Prunes a fixture with the built-in presets, at level safe unless told otherwise. */
export function pruneFixture(
  fixture: PresetFixture,
  library: PresetLibrary,
  arch: Arch,
  options: Partial<PruneOptions> = {},
): Pruned {
  const defaults = { library, level: 'safe', disable: [], enable: [], keep: [] } as const;
  return prune(fixture.tree, { ...defaults, ...options }, platformOf(arch));
}

/** `<keep|rule-id> <path in node_modules>` for every file, as the `expected` files hold it. */
export function formatPlan({ tree }: Pruned): string {
  const rows = [
    ...tree.entries.map(({ path }) => ({ path, verdict: 'keep' })),
    ...tree.removals.map(({ path, rule }) => ({ path, verdict: rule.id })),
  ];
  rows.sort((a, b) => compareCodeUnits(a.path, b.path));
  return rows.map(({ path, verdict }) => `${verdict} ${path.slice('node_modules/'.length)}\n`).join('');
}

function toId(label: string): string {
  const at = label.lastIndexOf('@');
  return `${label.slice(0, at)}/${label.slice(at + 1)}`;
}

async function readPackage(id: string) {
  const name = dirname(id);
  const version = id.slice(name.length + 1);
  const dir = `node_modules/${name}`;
  const file = join(FIXTURES, id, 'tree.txt');
  const traced = (await orNull(readFile(join(FIXTURES, id, 'traced.txt'), 'utf8'))) ?? '';
  const marks = new Map(
    traced.split('\n').map(line => [line.slice(line.indexOf(' ') + 1), line.split(' ')[0]]),
  );
  const instance: PackageInstance = { ecosystem: 'npm', name, version, dir, owns: null };
  const files = parseListing(await readFile(file, 'utf8'), file).map(
    ({ path, bytes }): FileEntry => ({
      kind: 'file',
      path: toArtifactPath(`${dir}/${path}`),
      source: { kind: 'memory', data: new Uint8Array() },
      bytes,
      mode: 0o644,
      origin: marks.has(path)
        ? { kind: 'traced', parents: ['handler.mjs'] }
        : { kind: 'package', package: `${name}@${version}`, parents: [] },
    }),
  );
  const entries = [...marks].filter(([, mark]) => mark === 'entry').map(([path]) => `${dir}/${path}`);
  return { instance, files, entries };
}
