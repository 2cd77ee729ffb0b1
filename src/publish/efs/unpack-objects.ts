import { join } from 'node:path';
import { inflate } from '../../bundle/inflate.ts';
import { syncBundle } from '../../bundle/sync/sync-bundle.ts';
import type { BundleFile, BundleManifest, BundleSource } from '../../bundle/types.ts';
import type { BundleObject } from '../../publish-types.ts';
import { resolveLink } from '../../util/resolve-link.ts';

interface Unpacking {
  readonly source: BundleSource;
  readonly release: string;
  readonly manifest: BundleManifest;
  /** Goes under the release's name when all of it is there. */
  readonly proof: BundleObject;
  readonly workDir: string;
  readonly signal: AbortSignal;
}

/** The tree as plain objects, `releases/<id>/…`. S3 has no links, so what they lead to is there more than once. */
export async function unpackObjects({
  source,
  release,
  manifest,
  proof,
  workDir,
  signal,
}: Unpacking): Promise<readonly BundleObject[]> {
  const store = join(workDir, 'unpacked');
  await syncBundle(source, store, { inflate, release, signal });
  const root = join(store, 'releases', release);
  const plain = [...manifest.files.map(file => ({ at: file.path, file })), ...followLinks(manifest)];
  const objects = plain.map(({ at, file }) => ({
    key: `releases/${release}/${at}`,
    path: join(root, file.path),
    bytes: file.bytes,
    sha256: file.sha256,
  }));
  return [...objects, { ...proof, key: `releases/${release}.json.zst` }];
}

interface Placed {
  readonly at: string;
  readonly file: BundleFile;
}

function followLinks({ files, links }: BundleManifest): readonly Placed[] {
  const targets = new Map(links.map(({ path, target }) => [path, target]));
  return links.flatMap(({ path }) => {
    const target = resolveLink(path, targets);
    if (target === null) return [];
    return files.flatMap(file => {
      if (file.path === target) return [{ at: path, file }];
      return file.path.startsWith(`${target}/`)
        ? [{ at: `${path}${file.path.slice(target.length)}`, file }]
        : [];
    });
  });
}
