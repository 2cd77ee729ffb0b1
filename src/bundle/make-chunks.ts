import { SlimError } from '../errors.ts';
import { mapPool } from '../util/pool.ts';
import type { BundlePool } from './bundle-pool.ts';
import { type Content, wholeOf } from './find-contents.ts';
import type { MadeChunk, Piece, ReadPiece } from './job-types.ts';
import type { ChunkPlan, PlannedPiece } from './plan-chunks.ts';
import type { BundleChunk } from './types.ts';

export interface MadeChunks {
  /** In the order of the plan. */
  readonly chunks: readonly BundleChunk[];
  /** SHA-256 of each content, in their order. */
  readonly hashes: readonly string[];
}

/** What has been read of a content so far. */
interface Sighting {
  stamp: string | null;
  sha256: string | null;
}

/**
 * Makes all chunks of a plan; `keep` is given each as it is done. Throws `FILE_CHANGED` where a file was not the same each time that it
 * was read.
 */
export async function makeChunks(
  contents: readonly Content[],
  plan: ChunkPlan,
  level: number,
  pool: BundlePool,
  keep: (made: MadeChunk) => Promise<void>,
): Promise<MadeChunks> {
  const sightings = contents.map(({ sha256 }): Sighting => ({ stamp: null, sha256 }));
  const note = (file: number, read: ReadPiece, isWhole: boolean): void =>
    see(sightings[file] as Sighting, read, isWhole, contents[file] as Content);
  const chunks = new Array<BundleChunk>(plan.chunks.length);
  // The hash of a file that is cut up comes from no chunk.
  const hashing = listCutUp(plan).map(file => async () => {
    const [read] = await pool.hash([wholeOf(sourceOf(contents, file))]);
    note(file, read as ReadPiece, true);
  });
  const making = listLargestFirst(plan).map(index => async () => {
    const pieces = plan.chunks[index] ?? [];
    const made = await pool.make(
      pieces.map(piece => toPiece(contents, piece)),
      level,
    );
    for (const [at, { file, bytes }] of pieces.entries())
      note(file, made.pieces[at] as ReadPiece, bytes === contents[file]?.bytes);
    chunks[index] = made.chunk;
    await keep(made);
  });
  await mapPool([...hashing, ...making], pool.width, job => job());
  return { chunks, hashes: sightings.map(({ sha256 }) => sha256 as string) };
}

/** Compares what was read with what was read before. */
function see(sighting: Sighting, { stamp, sha256 }: ReadPiece, isWhole: boolean, { entries }: Content): void {
  const isOther = (sighting.stamp ?? stamp) !== stamp || (isWhole && (sighting.sha256 ?? sha256) !== sha256);
  if (isOther) {
    const [entry] = entries;
    throw new SlimError('FILE_CHANGED', [
      entry?.source.kind === 'disk' ? entry.source.path : String(entry?.path),
    ]);
  }
  sighting.stamp = stamp;
  if (isWhole) sighting.sha256 = sha256;
}

/** So that no thread is left with a large one when the others are done. */
function listLargestFirst({ chunks }: ChunkPlan): readonly number[] {
  const sizes = chunks.map(pieces => pieces.reduce((sum, { bytes }) => sum + bytes, 0));
  return [...sizes.keys()].sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0));
}

function listCutUp({ chunks }: ChunkPlan): readonly number[] {
  return [
    ...new Set(
      chunks
        .flat()
        .filter(({ from }) => from > 0)
        .map(({ file }) => file),
    ),
  ];
}

function sourceOf(contents: readonly Content[], file: number) {
  return (contents[file] as Content).entries[0] as Content['entries'][number];
}

function toPiece(contents: readonly Content[], { file, from, bytes }: PlannedPiece): Piece {
  const entry = sourceOf(contents, file);
  // Other threads have no part in what is in memory, so each gets its own copy of no more than it needs.
  if (entry.source.kind === 'memory')
    return {
      source: { kind: 'memory', data: entry.source.data.slice(from, from + bytes) },
      size: bytes,
      from: 0,
      bytes,
    };
  return { source: entry.source, size: entry.bytes, from, bytes };
}
