import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import { errnoOf, orNull } from '../util/fs.ts';
import { openFolderSource } from './folder-source.ts';
import { wasmInflate } from './inflate-wasm.ts';
import { chunkKey, manifestKey, POINTER_KEY } from './keys.ts';
import { parsePointer } from './parse-pointer.ts';
import { readManifest } from './read-manifest.ts';
import type { BundleManifest } from './types.ts';

/** The release that a bundle's folder stands for. */
export interface BundleRelease {
  readonly release: string;
  readonly manifest: BundleManifest;
}

const TEMPORARY = '(?:\\.[0-9a-f]{12}\\.partial)?$';
const OWN_FILES = {
  '.': new RegExp(`^bundle\\.json${TEMPORARY}`),
  chunks: new RegExp(`^[0-9a-f]{64}\\.zst${TEMPORARY}`),
  manifests: new RegExp(`^[0-9a-f]{64}\\.json\\.zst${TEMPORARY}`),
} as const;

/**
 * Finds the bundle that `dir` holds; null where it holds none, or what is left of one. Throws `BUNDLE_IN_THE_WAY` where it holds other
 * things instead.
 */
export async function findBundle(dir: string): Promise<BundleRelease | null> {
  const source = openFolderSource(dir);
  try {
    const { release } = parsePointer(await source.readPointer(), dir);
    const { manifest } = await readManifest(source, release, wasmInflate);
    return { release, manifest };
  } catch (error) {
    if (!(error instanceof SlimError)) throw error;
  }
  const isOwn = (name: string): boolean => name in OWN_FILES || OWN_FILES['.'].test(name);
  if (!(await listFolder(dir)).every(isOwn)) throw new SlimError('BUNDLE_IN_THE_WAY', [dir]);
  return null;
}

async function listFolder(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return [];
    if (errno === 'ENOTDIR') throw new SlimError('BUNDLE_IN_THE_WAY', [dir], { cause: error });
    throw errno ? new SlimError('OUTPUT_UNWRITABLE', [dir, errno], { cause: error }) : error;
  }
}

/** Removes what is not of this release: chunks and manifests of others, and what killed runs left. Files of other names stay. */
export async function sweepBundle(dir: string, { release, manifest }: BundleRelease): Promise<void> {
  const keys = new Set([POINTER_KEY, manifestKey(release), ...manifest.chunks.map(chunkKey)]);
  for (const [folder, pattern] of Object.entries(OWN_FILES)) {
    for (const name of (await orNull(readdir(join(dir, folder)))) ?? []) {
      const key = folder === '.' ? name : `${folder}/${name}`;
      if (pattern.test(name) && !keys.has(key)) await rm(join(dir, key), { force: true });
    }
  }
}
