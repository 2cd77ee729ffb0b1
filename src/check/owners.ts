import { normalizeName } from '../python/names.ts';
import type { ReadContent } from './natives/contents.ts';

/** A package that is in an artifact. Sizes are bytes. */
export interface Owned {
  readonly ecosystem: 'npm' | 'pypi';
  readonly name: string;
  /** Null where nothing says it. */
  readonly version: string | null;
  /** Folder of the package; of one for Python, the folder that it was installed into. */
  readonly dir: string;
  readonly bytes: number;
}

/** Whose the files of an artifact are. */
export interface Owners {
  readonly packages: readonly Owned[];
  /** True for a file that came with a package. */
  isOfPackage(path: string): boolean;
}

const INFO = /^(.*?)([^/]+)-([^/-]+)\.(?:dist|egg)-info\/(?:RECORD|METADATA|PKG-INFO)$/;
const NPM = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/@.][^/]*)\//;

const MAX_RECORD_BYTES = 8 * 1024 * 1024;
const MAX_MANIFEST_BYTES = 256 * 1024;

/** Finds the packages of an artifact by what installers leave behind; `sizes` are of all its files. */
export function findOwners(sizes: ReadonlyMap<string, number>, read: ReadContent): Owners {
  const python = findPython(sizes, read);
  const npm = findNpm(sizes, read);
  return {
    packages: [...npm, ...python.packages],
    isOfPackage: path => NPM.test(path) || python.tops.has(topOf(path, python.folders)),
  };
}

function findNpm(sizes: ReadonlyMap<string, number>, read: ReadContent): readonly Owned[] {
  const bytes = new Map<string, number>();
  for (const [path, size] of sizes) {
    const [whole, name] = NPM.exec(path) ?? [];
    if (whole === undefined || name === undefined) continue;
    const dir = whole.slice(0, -1);
    bytes.set(dir, (bytes.get(dir) ?? 0) + size);
  }
  return [...bytes].flatMap(([dir, size]): Owned[] => {
    // A folder without a manifest is a part of some package's layout, or what a build left of one.
    if (!sizes.has(`${dir}/package.json`)) return [];
    const name = dir.slice(dir.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return [{ ecosystem: 'npm', name, version: readVersion(dir, read), dir, bytes: size }];
  });
}

function readVersion(dir: string, read: ReadContent): string | null {
  const text = read(`${dir}/package.json`, MAX_MANIFEST_BYTES)?.toString() ?? '';
  try {
    const { version } = JSON.parse(text) as { readonly version?: unknown };
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}

interface PythonPackages {
  readonly packages: readonly Owned[];
  /** Where packages were installed into, with a slash at the end, the longest first. */
  readonly folders: readonly string[];
  /** Files and folders there that belong to packages. */
  readonly tops: ReadonlySet<string>;
}

function findPython(sizes: ReadonlyMap<string, number>, read: ReadContent): PythonPackages {
  const infos = new Map<string, readonly [folder: string, name: string, version: string]>();
  for (const path of sizes.keys()) {
    const [, folder = '', name, version = ''] = INFO.exec(path) ?? [];
    if (name !== undefined) infos.set(path.slice(0, path.lastIndexOf('/')), [folder, name, version]);
  }
  const folders = [...new Set([...infos.values()].map(([folder]) => folder))].sort(
    (a, b) => b.length - a.length,
  );
  const owners = new Map<string, string>();
  for (const [info, [folder, name]] of infos) {
    owners.set(info, info);
    for (const top of topsOf(`${info}/RECORD`, folder, name, read)) owners.set(top, owners.get(top) ?? info);
  }
  const bytes = new Map<string, number>();
  for (const [path, size] of sizes) {
    const info = owners.get(topOf(path, folders));
    if (info !== undefined) bytes.set(info, (bytes.get(info) ?? 0) + size);
  }
  const packages = [...infos].map(([info, [folder, name, version]]): Owned => {
    const own = { name: normalizeName(name), version, dir: folder, bytes: bytes.get(info) ?? 0 };
    return { ecosystem: 'pypi', ...own };
  });
  return { packages, folders, tops: new Set(owners.keys()) };
}

/** Outside of the folder, or many packages' own. */
const SHARED = new Set(['', '..', 'bin', '__pycache__']);

/** What the RECORD names, or where there is none what the name lets expect. */
function topsOf(record: string, folder: string, name: string, read: ReadContent): readonly string[] {
  const text = read(record, MAX_RECORD_BYTES)?.toString();
  const plain = normalizeName(name).replaceAll('-', '_');
  if (text === undefined) return [`${folder}${plain}`, `${folder}${plain}.py`, `${folder}${plain}.libs`];
  const tops = text.split('\n').map(line => (/^"?([^/,"]+)/.exec(line) ?? [])[1] ?? '');
  return [...new Set(tops)].filter(top => !SHARED.has(top)).map(top => `${folder}${top}`);
}

/** The file or folder, directly where packages were installed into, that a path is or lies in. */
function topOf(path: string, folders: readonly string[]): string {
  const folder = folders.find(each => path.startsWith(each)) ?? '';
  const end = path.indexOf('/', folder.length);
  return end < 0 ? path : path.slice(0, end);
}
