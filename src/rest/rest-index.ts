import { createHash } from 'node:crypto';
import { isLibraryName } from '../elf/is-library-name.ts';
import type { Entry, FileEntry } from '../types.ts';

import { compareCodeUnits } from '../util/path.ts';
import { mapPool } from '../util/pool.ts';
import { findSuspects } from './find-suspects.ts';
import { digestEntry } from './read-entry.ts';

/** Flags of a file in the index. */
const EXECUTABLE = 1;
/** An empty file stands in its place. */
const EMPTIED = 2;

/** A file: its place among the digests, its size in bytes, and flags. A text is the target of a link. */
type Leaf = readonly [at: number, bytes: number, flags: number];
interface Folder {
  [name: string]: Folder | Leaf | string;
}

/** What `.lambda-slim/rest.json` says; paths are relative to the root of the artifact. */
export interface RestIndex {
  readonly schema: 1;
  /** SHA-256 of all the rest of it, with the digests of the files. */
  readonly id: string;
  /** How many files, and their bytes together. */
  readonly files: number;
  readonly bytes: number;
  readonly tree: Folder;
  /** Targets of all links, in the artifact and taken out of it, by their paths. */
  readonly links: Readonly<Record<string, string>>;
  /** Kept files and packages that a runtime may take only because what comes before them was taken out. */
  readonly suspects: readonly string[];
  /** Shared libraries that are kept. */
  readonly libraries: readonly string[];
}

export interface RestFacts {
  readonly index: RestIndex;
  /** SHA-256 of the files, 32 bytes each, in the order of the index. They are read when something is missed. */
  readonly digests: Uint8Array;
}

/** Makes the index of what was taken out of `kept`. Its size matters, since every cold start reads it. */
export async function makeRestIndex(
  kept: readonly Entry[],
  rest: readonly Entry[],
  signal: AbortSignal,
): Promise<RestFacts> {
  const standing = new Map<string, Entry>(kept.map(entry => [entry.path, entry]));
  const missing = rest
    .filter(entry => isMissing(entry, standing.get(entry.path)))
    .sort((a, b) => compareCodeUnits(a.path, b.path));
  const files = missing.filter(entry => entry.kind === 'file');
  const digests = await mapPool(files, 4, file => digestEntry(file, signal));
  const links = [...kept, ...missing].flatMap(entry => (entry.kind === 'link' ? [entry] : []));
  const body = {
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    tree: toFolders(missing, standing),
    links: toRecord(links.map(({ path, target }) => [path, target])),
    suspects: await findSuspects(kept, files),
    libraries: kept.flatMap(entry => (isKeptLibrary(entry) ? [entry.path] : [])).sort(compareCodeUnits),
  };
  const id = createHash('sha256')
    .update(JSON.stringify({ schema: 1, ...body }))
    .update(digests.join(''))
    .digest('hex');
  return { index: { schema: 1, id, ...body }, digests: Buffer.from(digests.join(''), 'hex') };
}

/** False for a file that is there after all. */
function isMissing(entry: Entry, standing: Entry | undefined): boolean {
  if (!standing) return true;
  return entry.kind === 'file' && entry.bytes > 0 && standing.kind === 'file' && standing.bytes === 0;
}

function isKeptLibrary(entry: Entry): boolean {
  const isFull = entry.kind === 'link' || entry.bytes > 0;
  return isFull && isLibraryName(entry.path) && !entry.path.endsWith('.node');
}

function toFolders(missing: readonly Entry[], standing: ReadonlyMap<string, Entry>): Folder {
  const root = newFolder();
  let files = 0;
  for (const entry of missing) {
    const names = entry.path.split('/');
    const last = names.pop() as string;
    let folder = root;
    for (const name of names) {
      folder[name] ??= newFolder();
      folder = folder[name] as Folder;
    }
    folder[last] =
      entry.kind === 'link' ? entry.target : [files++, entry.bytes, flagsOf(entry, standing.has(entry.path))];
  }
  return root;
}

/** Any name may come up, also `__proto__`. */
function newFolder(): Folder {
  return Object.create(null);
}

function toRecord(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const sorted = [...pairs].sort(([a], [b]) => compareCodeUnits(a, b));
  return Object.assign(Object.create(null), Object.fromEntries(sorted));
}

function flagsOf({ mode }: FileEntry, isEmptied: boolean): number {
  return (mode === 0o755 ? EXECUTABLE : 0) | (isEmptied ? EMPTIED : 0);
}
