import type { Entry } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';
import type { Content, GroupedFile } from './find-contents.ts';
import { EMPTY_SHA256 } from './limits.ts';
import type { MadeChunks } from './make-chunks.ts';
import type { ChunkPlan } from './plan-chunks.ts';
import type { BundleFile, BundleLink, BundleManifest } from './types.ts';

export interface ReleaseFacts {
  readonly name: string;
  readonly encoder: string;
  readonly files: readonly GroupedFile[];
  readonly links: readonly BundleLink[];
  readonly contents: readonly Content[];
  readonly plan: ChunkPlan;
  readonly made: MadeChunks;
}

/** Makes the manifest. The keys stand in the order of the types: the release is named after these bytes. */
export function describeRelease({ contents, plan, made, ...facts }: ReleaseFacts): BundleManifest {
  const placed = new Map<Entry, Pick<BundleFile, 'sha256' | 'chunk' | 'offset'>>();
  for (const [index, { entries }] of contents.entries()) {
    const { chunk = 0, offset = 0 } = plan.places[index] ?? {};
    for (const entry of entries) placed.set(entry, { sha256: made.hashes[index] ?? '', chunk, offset });
  }
  const files = facts.files.map(({ entry }): BundleFile => {
    const { path, mode, bytes } = entry;
    return { path, mode, bytes, ...(placed.get(entry) ?? { sha256: EMPTY_SHA256, chunk: 0, offset: 0 }) };
  });
  const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
    compareCodeUnits(a.path, b.path);
  return {
    schema: 1,
    name: facts.name,
    encoder: facts.encoder,
    files: files.sort(byPath),
    links: [...facts.links].sort(byPath),
    chunks: made.chunks,
  };
}
