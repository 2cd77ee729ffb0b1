import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../../errors.ts';
import { orNull } from '../../util/fs.ts';
import { parseManifest } from '../parse-manifest.ts';
import type { ReadManifest } from '../read-manifest.ts';
import type { Store } from './store.ts';

/** The manifest of a release as it lies in the store. */
export type Stored = { readonly kind: 'missing' | 'spoilt' } | ({ readonly kind: 'whole' } & ReadManifest);

/** Reads the manifest of a release; one that is not what the release is named after is spoilt. */
export async function readStored(store: Store, release: string): Promise<Stored> {
  const path = join(store.manifests, `${release}.json`);
  const json = await orNull(readFile(path));
  if (!json) return { kind: 'missing' };
  if (createHash('sha256').update(json).digest('hex') !== release) return { kind: 'spoilt' };
  try {
    return { kind: 'whole', manifest: parseManifest(json, path), json };
  } catch (error) {
    if (error instanceof SlimError) return { kind: 'spoilt' };
    throw error;
  }
}
