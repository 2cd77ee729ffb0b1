import type { LibraryIndexReading } from '../../codec/library-index.ts';
import type { Finding } from '../../findings.ts';
import type { NativeSet } from '../../types.ts';
import type { WithContents } from './contents.ts';

/** What was found out about a zip or a folder by itself; sizes in bytes. Digests and `zippedBytes` are null for a folder, digests also for a zip that no limit allows. */
export interface Inspected {
  readonly facts: ArtifactFacts;
  /** Of all files and links, in the artifact, with their bytes. */
  readonly sizes: ReadonlyMap<string, number>;
  /** CRC-32 of the files of a zip; null for a folder. */
  readonly crcs: ReadonlyMap<string, number> | null;
  /** `st_mode & 0o777` of the files. */
  readonly modes: ReadonlyMap<string, number>;
  readonly withContents: WithContents;
  readonly natives: NativeSet;
  /** What travels compressed in it; null where it does not say that anything does. */
  readonly libraries: LibraryIndexReading | null;
  readonly findings: readonly Finding[];
}

export interface ArtifactFacts {
  readonly path: string;
  readonly sha256: string | null;
  readonly codeSha256: string | null;
  readonly zippedBytes: number | null;
  readonly unzippedBytes: number;
  readonly files: number;
}
