import { mapPool } from '../../util/pool.ts';
import type { BundleFile, BundleManifest } from '../types.ts';
import { fetchChunks } from './fetch-chunks.ts';
import type { Job } from './job.ts';
import type { Journal } from './journal.ts';
import { type Piece, planPieces } from './plan-pieces.ts';
import { FILES_AT_ONCE } from './tree-folders.ts';
import { writeEmpty } from './write-piece.ts';

/** Bytes of uncompressed chunks. */
export interface Unfinished {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Files to bring; of one that was begun, chunks that the journal names are there already. */
export type Wanted = readonly { readonly file: BundleFile; readonly begun: boolean }[];

export interface Fetch {
  /** Null where all of it was brought. */
  run(wanted: Wanted): Promise<Unfinished | null>;
  fetchedBytes(): number;
}

/** Brings files into the tree at `root`, of chunks that are fetched. */
export function makeFetch(job: Job, manifest: BundleManifest, root: string, journal: Journal): Fetch {
  const { source, inflate, signal, parallel, goOn, progress } = job;
  const { chunks } = manifest;
  let fetchedBytes = 0;
  const onFetched = (bytes: number): void => {
    fetchedBytes += bytes;
  };
  const sum = (plan: ReadonlyMap<number, readonly Piece[]>): number =>
    [...plan.keys()].reduce((bytes, index) => bytes + (chunks[index]?.bytes ?? 0), 0);
  return {
    fetchedBytes: () => fetchedBytes,
    async run(wanted) {
      const empty = wanted.filter(({ file }) => file.bytes === 0);
      await mapPool(empty, FILES_AT_ONCE, ({ file }) => writeEmpty(root, file));
      const plan = planPieces(manifest, wanted, journal.done);
      const totalBytes = chunks.reduce((bytes, chunk) => bytes + chunk.bytes, 0);
      let doneBytes = totalBytes - sum(plan);
      const onBytes = (bytes: number): void => {
        doneBytes += bytes;
        progress('fetch', doneBytes, totalBytes);
      };
      if (plan.size > 0) progress('fetch', doneBytes, totalBytes);
      const reader = { source, inflate, signal, onFetched };
      const finished = await fetchChunks({ chunks, plan, root, journal, reader, parallel, goOn, onBytes });
      return finished ? null : { doneBytes, totalBytes };
    },
  };
}
