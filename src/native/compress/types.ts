import type { LibraryChunk } from '../../codec/types.ts';
import type { NativeFile } from '../../elf/types.ts';
import type { ArtifactPath, CompressChoice, Entry, FileEntry, Runtime, Source } from '../../types.ts';

export interface MirrorInput {
  readonly entries: readonly Entry[];
  /** What the files with native code in them are, by path. */
  readonly natives: ReadonlyMap<string, NativeFile>;
  readonly language: Runtime['language'];
  readonly choice: CompressChoice;
  /** Files that compressing did not make smaller. */
  readonly incompressible?: readonly string[];
}

/**
 * Why a file that was chosen stays as it is.
 * - `unreached`: no addon is known to load it, so nothing would bring it back in time.
 * - `unimported`: it belongs to no Python package or module, whose import would bring it back.
 * - `library-path`: it, or what needs it, is found by LD_LIBRARY_PATH or by an absolute path, which lead into the artifact.
 * - `executable`: it is a program, or a program needs it; Node.js starts programs by their path in the artifact.
 * - `incompressible`: it would not get smaller.
 */
export type SkipReason = 'unreached' | 'unimported' | 'library-path' | 'executable' | 'incompressible';

export interface SkippedLibrary {
  readonly path: string;
  readonly bytes: number;
  readonly reason: SkipReason;
}

/** A link of the mirror; `target` is a path in the artifact, or in the mirror for an alias. */
export interface MirrorLink {
  readonly path: string;
  readonly target: string;
}

/** A file that leaves its place to a stub; the mirror has it at its old place. */
export interface MovedFile {
  readonly from: ArtifactPath;
  readonly to: ArtifactPath;
}

/** What travels compressed, and the folder that is made of it at run time, the mirror. Everything is sorted by path. */
export interface MirrorPlan {
  readonly compressed: readonly FileEntry[];
  readonly links: readonly MirrorLink[];
  /** Links from the mirror to the mirror: a link of the artifact whose end is compressed. */
  readonly aliases: readonly MirrorLink[];
  /** Node.js: the addons that are loaded from the mirror. */
  readonly addons: readonly string[];
  /** Python: modules that make the mirror and then give way to the true ones. */
  readonly stubs: readonly ArtifactPath[];
  readonly moved: readonly MovedFile[];
  readonly skipped: readonly SkippedLibrary[];
}

/** A compressed library on its way into the artifact; `bytes` are compressed. */
export interface LibraryBlob {
  readonly source: Source;
  readonly bytes: number;
  /** Without a dot: `zst`, `br`, `xz`. */
  readonly extension: string;
  readonly chunks: readonly LibraryChunk[];
}
