import { compareCodeUnits } from '../util/path.ts';
import { CHUNK_BYTES } from './limits.ts';

/** A content that is to be laid into chunks. */
export interface PlanFile {
  readonly path: string;
  /** What changes together: a package, a folder of own files. */
  readonly group: string;
  /** More than 0. */
  readonly bytes: number;
}

/** Bytes of the file with this index, `from` that offset on. */
export interface PlannedPiece {
  readonly file: number;
  readonly from: number;
  readonly bytes: number;
}

export interface ChunkPlan {
  /** The pieces of each chunk, one behind the other. */
  readonly chunks: readonly (readonly PlannedPiece[])[];
  /** Where each file begins, in the order of the files. */
  readonly places: readonly { readonly chunk: number; readonly offset: number }[];
}

/** A file of this size is sent by itself, and small files of a group that come to it are. */
const OWN_CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * Lays files into chunks so that a change resends little: a large file has chunks to itself, the small ones of a group follow each
 * other, and small groups are laid together whole. The order of the files does not matter.
 */
export function planChunks(files: readonly PlanFile[]): ChunkPlan {
  const isLarge = (index: number): boolean => bytesOf(files, index) >= OWN_CHUNK_BYTES;
  const chunks: PlannedPiece[][] = [];
  const rest: (readonly number[])[] = [];
  for (const group of listGroups(files)) {
    for (const index of group.filter(isLarge)) chunks.push(...cut(index, bytesOf(files, index)));
    const small = group.filter(index => !isLarge(index));
    if (sum(files, small) >= OWN_CHUNK_BYTES)
      chunks.push(
        ...pack(
          files,
          small.map(index => [index]),
        ),
      );
    else rest.push(small);
  }
  chunks.push(...pack(files, rest));
  return { chunks, places: findPlaces(chunks, files.length) };
}

function bytesOf(files: readonly PlanFile[], index: number): number {
  return files[index]?.bytes ?? 0;
}

function sum(files: readonly PlanFile[], indexes: readonly number[]): number {
  return indexes.reduce((bytes, index) => bytes + bytesOf(files, index), 0);
}

/** The indexes of the files of each group, by path; groups by name. */
function listGroups(files: readonly PlanFile[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  const order = [...files.entries()].sort(
    ([, a], [, b]) => compareCodeUnits(a.group, b.group) || compareCodeUnits(a.path, b.path),
  );
  for (const [index, { group }] of order) {
    const found = groups.get(group);
    if (found) found.push(index);
    else groups.set(group, [index]);
  }
  return [...groups.values()];
}

function cut(file: number, bytes: number): PlannedPiece[][] {
  return Array.from({ length: Math.ceil(bytes / CHUNK_BYTES) }, (_, at) => {
    const from = at * CHUNK_BYTES;
    return [{ file, from, bytes: Math.min(CHUNK_BYTES, bytes - from) }];
  });
}

/** Fills chunks with units that are never torn apart. */
function pack(files: readonly PlanFile[], units: readonly (readonly number[])[]): PlannedPiece[][] {
  const chunks: PlannedPiece[][] = [];
  let room = 0;
  for (const unit of units.filter(indexes => indexes.length > 0)) {
    const bytes = sum(files, unit);
    if (bytes > room) {
      chunks.push([]);
      room = CHUNK_BYTES;
    }
    room -= bytes;
    chunks.at(-1)?.push(...unit.map(file => ({ file, from: 0, bytes: bytesOf(files, file) })));
  }
  return chunks;
}

function findPlaces(chunks: readonly (readonly PlannedPiece[])[], count: number): ChunkPlan['places'] {
  const places = Array.from({ length: count }, () => ({ chunk: 0, offset: 0 }));
  for (const [chunk, pieces] of chunks.entries()) {
    let offset = 0;
    for (const { file, from, bytes } of pieces) {
      if (from === 0) places[file] = { chunk, offset };
      offset += bytes;
    }
  }
  return places;
}
