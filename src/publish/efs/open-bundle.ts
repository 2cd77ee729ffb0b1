import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openFolderSource } from '../../bundle/folder-source.ts';
import { inflate } from '../../bundle/inflate.ts';
import { chunkKey, manifestKey } from '../../bundle/keys.ts';
import { parsePointer } from '../../bundle/parse-pointer.ts';
import { readManifest } from '../../bundle/read-manifest.ts';
import type { BundleManifest } from '../../bundle/types.ts';
import type { BundleObject, EfsWay, PublishedBundle } from '../../publish-types.ts';
import { unpackObjects } from './unpack-objects.ts';

/**
 * What of the bundle in a folder is sent: its chunks and its manifest; or, for those who copy plain files, the tree itself, which is
 * unpacked into `workDir`. What proves that all is there comes last. Throws `BUNDLE_*`.
 */
export async function openBundle(
  path: string,
  via: EfsWay,
  { workDir, signal }: { readonly workDir: string; readonly signal: AbortSignal },
): Promise<PublishedBundle> {
  const source = openFolderSource(path);
  const { release } = parsePointer(await source.readPointer(), join(path, 'bundle.json'));
  const { manifest } = await readManifest(source, release, inflate);
  const proof = await describeManifest(path, release);
  const objects =
    via === 'sync'
      ? [...listChunks(path, manifest), proof]
      : await unpackObjects({ source, release, manifest, proof, workDir, signal });
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return { path, release, objects, bytes, files: manifest.files.length + manifest.links.length };
}

function listChunks(path: string, { chunks }: BundleManifest): readonly BundleObject[] {
  const each = chunks.map(chunk => {
    const key = chunkKey(chunk);
    return { key, path: join(path, key), bytes: chunk.compressedBytes, sha256: chunk.compressedSha256 };
  });
  return [...new Map(each.map(object => [object.key, object])).values()];
}

async function describeManifest(path: string, release: string): Promise<BundleObject> {
  const key = manifestKey(release);
  const compressed = await openFolderSource(path).readManifest(release);
  const sha256 = createHash('sha256').update(compressed).digest('hex');
  return { key, path: join(path, key), bytes: compressed.length, sha256 };
}
