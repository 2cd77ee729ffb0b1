import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch } from '../types.ts';
import { exec } from '../util/exec.ts';
import { exists } from '../util/fs.ts';

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
export async function findNode(
  major: string,
  arch: Arch,
  { dir, signal }: FindNodeOptions,
): Promise<FoundNode> {
  const host = { path: process.execPath, version: process.versions.node };
  if (process.versions.node.split('.')[0] === major) return { ...host, exact: true };
  if (process.platform !== 'linux' || process.arch !== arch) return { ...host, exact: false };
  const folder = join(dir, 'node', `${major}-${arch}`);
  try {
    if (!(await exists(folder))) await fetchNode(major, arch, folder, signal);
    const path = join(folder, 'node_modules', `node-linux-${arch}`, 'bin', 'node');
    const { stdout } = await exec(path, ['--version'], { cwd: folder, signal });
    return { path, version: stdout.trim().replace(/^v/, ''), exact: true };
  } catch (error) {
    signal.throwIfAborted();
    // Without a network the host's Node.js is still better than no answer; the caller says so.
    if (error instanceof Error) return { ...host, exact: false };
    throw error;
  }
}

async function fetchNode(major: string, arch: Arch, folder: string, signal: AbortSignal): Promise<void> {
  const partial = `${folder}.${process.pid}.partial`;
  try {
    await mkdir(partial, { recursive: true });
    const flags = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--no-package-lock'];
    await exec('npm', ['install', '--prefix', partial, ...flags, `node-linux-${arch}@${major}`], {
      cwd: partial,
      signal,
    });
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
