import { createHash } from 'node:crypto';
import { SlimError } from '../../errors.ts';
import type { BundleChunk, BundleManifest } from '../types.ts';
import type { Job } from './job.ts';
import { cutPieces } from './plan-pieces.ts';
import { readChunk } from './read-chunk.ts';

/** Reads a file out of its chunks, past the disk. Throws `BUNDLE_INVALID` where the manifest says something else of it. */
export async function checkSource(job: Job, manifest: BundleManifest, path: string): Promise<void> {
  const { source, inflate, signal } = job;
  const file = manifest.files.find(one => one.path === path);
  if (!file) return;
  const hash = createHash('sha256');
  for (const [index, { from, bytes }] of cutPieces(file, manifest.chunks)) {
    const chunk = manifest.chunks[index] as BundleChunk;
    const reader = { source, inflate, signal, onFetched: () => {} };
    const content = await readChunk(reader, chunk, () => Buffer.allocUnsafe(chunk.bytes));
    hash.update(content.subarray(from, from + bytes));
  }
  if (hash.digest('hex') === file.sha256) return;
  throw new SlimError('BUNDLE_INVALID', [source.where, `${path} is not what the manifest says of it`]);
}
