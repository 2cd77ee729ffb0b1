import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SlimError } from '../errors.ts';
import { findNodeVersion } from '../platform/node-versions.ts';
import type { Arch } from '../types.ts';
import { exec } from '../util/exec.ts';
import { exists } from '../util/fs.ts';
import { explainCache } from '../zip/blob-store.ts';

/** A Node.js to run a function with. `exact` is false where it is not the major of the function's runtime. */
export interface FoundNode {
  readonly path: string;
  readonly version: string;
  readonly exact: boolean;
}

export interface FindNodeOptions {
  /** Where the binary is kept, or is put for this run. */
  readonly dir: string;
  readonly signal: AbortSignal;
}

/** Finds a Node.js of the major: the one that runs us, or that of the npm package `node-linux-<arch>`, which is fetched once. */
export async function findNode(major: string, arch: Arch, options: FindNodeOptions): Promise<FoundNode> {
  const host = { path: process.execPath, version: process.versions.node };
  if (process.versions.node.split('.')[0] === major) return { ...host, exact: true };
  try {
    const version = findNodeVersion(major);
    return { path: await installNode(version, arch, options), version, exact: true };
  } catch (error) {
    // Without a network the host's Node.js is still better than no answer; the caller says so.
    if (error instanceof SlimError && error.code !== 'CANCELLED') return { ...host, exact: false };
    throw error;
  }
}

const NPM_FLAGS = [
  ...['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--no-package-lock'],
  // By default, npm takes more than a minute to see that there is no network.
  ...['--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=2000'],
];

/**
 * Gives the path of a release of Node.js for Linux, from npm the first time. Throws `ARCH_CANNOT_RUN`, `CACHE_UNWRITABLE`, and
 * what npm says.
 */
export async function installNode(version: string, arch: Arch, options: FindNodeOptions): Promise<string> {
  const { dir, signal } = options;
  if (process.platform !== 'linux' || process.arch !== arch) {
    throw new SlimError('ARCH_CANNOT_RUN', [`linux-${arch}`, `${process.platform}-${process.arch}`]);
  }
  const name = `node-linux-${arch}`;
  const folder = join(dir, 'node', `${version}-${arch}`);
  const path = join(folder, 'node_modules', name, 'bin', 'node');
  if (await exists(path)) return path;
  const partial = await explainCache(folder, makePartial(folder));
  try {
    const args = ['install', '--prefix', partial, ...NPM_FLAGS, `${name}@${version}`];
    await exec('npm', args, { cwd: partial, signal });
    await explainCache(folder, putInPlace(partial, folder, path));
    return path;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function makePartial(folder: string): Promise<string> {
  await mkdir(dirname(folder), { recursive: true });
  return mkdtemp(`${folder}.partial-`);
}

async function putInPlace(partial: string, folder: string, path: string): Promise<void> {
  try {
    await rename(partial, folder);
  } catch {
    // Somebody else was faster, or a part of it went away since.
    if (await exists(path)) return;
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  }
}
