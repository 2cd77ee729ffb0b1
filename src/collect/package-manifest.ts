import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull } from '../util/fs.ts';

/** What collect reads of a package.json; unknown or malformed fields count as absent. */
export interface PackageManifest {
  readonly dir: string;
  readonly name: string;
  readonly version: string;
  readonly type: 'module' | 'commonjs';
  readonly dependencies: readonly string[];
  readonly optionalDependencies: readonly string[];
  readonly peerDependencies: readonly string[];
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  readonly libc: readonly string[];
  /** True for the fields that only packages with native parts have. */
  readonly native: boolean;
  readonly installScript: boolean;
  readonly workspaces: readonly string[];
  /** As it names it: `MIT`; null where it does not. */
  readonly license: string | null;
}

export type ReadManifest = (dir: string) => Promise<PackageManifest | null>;

/** Makes a reader of package.json files that reads each once. A folder without a usable one gives null. */
export function createManifestReader(): ReadManifest {
  const seen = new Map<string, Promise<PackageManifest | null>>();
  return dir => {
    const known = seen.get(dir);
    if (known) return known;
    const reading = readManifest(dir);
    seen.set(dir, reading);
    return reading;
  };
}

async function readManifest(dir: string): Promise<PackageManifest | null> {
  const text = await orNull(readFile(join(dir, 'package.json'), 'utf8'));
  if (text === null) return null;
  const raw = parseObject(text);
  if (!raw) return null;
  const optionalDependencies = keysOf(raw.optionalDependencies);
  return {
    dir,
    name: stringOf(raw.name),
    version: stringOf(raw.version),
    type: raw.type === 'module' ? 'module' : 'commonjs',
    // npm repeats optional dependencies among the others when it installs.
    dependencies: keysOf(raw.dependencies).filter(name => !optionalDependencies.includes(name)),
    optionalDependencies,
    peerDependencies: keysOf(raw.peerDependencies),
    os: stringsOf(raw.os),
    cpu: stringsOf(raw.cpu),
    libc: stringsOf(raw.libc),
    native: raw.gypfile === true || isObject(raw.binary) || isObject(raw.napi),
    installScript: hasInstallScript(raw.scripts),
    workspaces: stringsOf(isObject(raw.workspaces) ? raw.workspaces.packages : raw.workspaces),
    license: stringOf(isObject(raw.license) ? raw.license.type : raw.license) || null,
  };
}

function hasInstallScript(scripts: unknown): boolean {
  return (
    isObject(scripts) &&
    ['preinstall', 'install', 'postinstall'].some(name => typeof scripts[name] === 'string')
  );
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function stringsOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((item): item is string => typeof item === 'string');
}

function keysOf(value: unknown): string[] {
  return isObject(value) ? Object.keys(value) : [];
}
