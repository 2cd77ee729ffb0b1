import type { NativeFile } from './elf/types.ts';

/** What may be done to native libraries. */
export interface NativeOptions {
  readonly strip: boolean;
  /** Globs over paths in the artifact of files that are never stripped. */
  readonly stripExcept: readonly string[];
  /** Byte-identical libraries and data become one file and links to it. */
  readonly dedupe: boolean;
  /** Null where libraries travel as they are. */
  readonly compress: CompressChoice | null;
}

/** Which libraries travel compressed and are inflated into `/tmp` at run time. */
export interface CompressChoice {
  /** Libraries of this size and larger, bytes. */
  readonly minBytes: number;
  /** Globs over paths in the artifact: these, whatever their size, and no others. Empty: by size. */
  readonly only: readonly string[];
  readonly except: readonly string[];
}

export type StripOutcome =
  | 'stripped'
  | 'nothing to strip'
  | 'kept: failed verification'
  | 'kept: not understood'
  | 'kept: switched off';

/** What came of one ELF file; sizes in bytes. */
export interface StrippedFile {
  readonly path: string;
  readonly outcome: StripOutcome;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Why it was kept, or null. */
  readonly reason: string | null;
}

/** A file that became a link, since `target` has the same bytes. */
export interface SharedFile {
  readonly path: string;
  /** Path in the artifact. */
  readonly target: string;
  readonly bytes: number;
}

/** What compressed libraries save and cost. Sizes are bytes, times ms. */
export interface CompressedReport {
  readonly format: string;
  readonly files: readonly CompressedFile[];
  /** What the inflated libraries, and what has to lie beside them, take of `/tmp`. */
  readonly tmpBytes: number;
  readonly compressedBytes: number;
  /** Median of inflating everything on this machine, by the shim; null where its runtime is not at hand. */
  readonly inflate: InflateTime | null;
}

export interface CompressedFile {
  readonly path: string;
  readonly bytes: number;
  readonly compressedBytes: number;
  readonly filter: string | null;
}

export interface InflateTime {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakBytes: number;
  readonly cores: number;
  readonly runs: number;
}

/** What the native stage did, for the manifest and the summary. */
export interface NativeReport {
  readonly files: readonly StrippedFile[];
  readonly shared: readonly SharedFile[];
  readonly compressed: CompressedReport | null;
}

/** A native file, or one whose name says that it is one, as it lies in an artifact. */
export interface NativeEntry {
  /** In the artifact, `/` separated. */
  readonly path: string;
  readonly bytes: number;
  /** Permission bits; 0 where the archive says nothing. */
  readonly mode: number;
  readonly native: NativeFile;
}

export interface NativeLink {
  readonly path: string;
  readonly target: string;
}

/** What one zip, folder or tree has for the dynamic linker. */
export interface NativeSet {
  readonly files: readonly NativeEntry[];
  readonly links: readonly NativeLink[];
  /** Libraries that are there at run time only, since they travel compressed. */
  readonly compressed: readonly string[];
}
