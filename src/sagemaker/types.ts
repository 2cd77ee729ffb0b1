import type { Framework } from '../platform/sagemaker-images.ts';
import type { FileEntry } from '../types.ts';

/** What goes into a `model.tar.gz`: files, none of them a link, by their paths from its root. */
export interface ModelLayout {
  readonly framework: Framework;
  readonly entries: readonly FileEntry[];
}

/** What is known of a file of an archive, whoever made it. */
export interface ModelFile {
  readonly path: string;
  readonly bytes: number;
}

/** What lies in an archive that somebody else made. */
export interface ArchiveListing {
  readonly files: readonly ModelFile[];
  /** Symbolic links, devices and pipes, and second names of what lies outside. */
  readonly links: readonly string[];
  /** Paths of any kind that are absolute or have "..", as they are written. */
  readonly escapes: readonly string[];
}

/** An archive as it is checked. `archiveBytes` are compressed. */
export interface CheckedModel {
  readonly framework: Framework;
  readonly files: readonly ModelFile[];
  readonly archiveBytes: number;
}
