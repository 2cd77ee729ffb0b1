import { createHash } from 'node:crypto';
import { SlimError } from '../errors.ts';
import { InflateError } from './inflate-error.ts';
import { manifestKey } from './keys.ts';
import { MAX_MANIFEST_BYTES } from './limits.ts';
import { parseManifest } from './parse-manifest.ts';
import type { BundleManifest, BundleSource, Inflate } from './types.ts';

export interface ReadManifest {
  readonly manifest: BundleManifest;
  /** Its bytes, uncompressed; their SHA-256 is the release. */
  readonly json: Uint8Array;
}

/** Reads the manifest of a release. Throws `BUNDLE_INVALID` where it is not the one that the release is named after, or not to be trusted. */
export async function readManifest(
  source: BundleSource,
  release: string,
  inflate: Inflate,
): Promise<ReadManifest> {
  const where = `${source.where.replace(/\/$/, '')}/${manifestKey(release)}`;
  const json = await inflateWhole(await source.readManifest(release), inflate, where);
  const sha256 = createHash('sha256').update(json).digest('hex');
  if (sha256 !== release)
    throw new SlimError('BUNDLE_INVALID', [where, 'its content is not what its name says']);
  return { manifest: parseManifest(json, where), json };
}

async function inflateWhole(compressed: Uint8Array, inflate: Inflate, where: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of inflate(once(compressed), MAX_MANIFEST_BYTES)) pieces.push(piece);
  } catch (error) {
    if (!(error instanceof InflateError)) throw error;
    throw new SlimError('BUNDLE_INVALID', [where, error.message], { cause: error });
  }
  return Buffer.concat(pieces);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
