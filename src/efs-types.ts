/** What the target `efs` asks of a build, and where its function finds its packages. */
export interface EfsOptions {
  /** Globs over paths in the artifact of own files that go along with the packages. */
  readonly files: readonly string[];
  /** Variables that only this target sets; `{root}` in a value stands for the folder of the release. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the function sees the mount: `/mnt/ml`. */
  readonly mount: string;
  /** The folder on it that holds the releases: `/mnt/ml/classify`. */
  readonly store: string;
  /** What was asked for and makes no sense with this target. */
  readonly off: readonly EfsOff[];
}

export type EfsOff = 'compress-libraries' | 'fallback';

/** What the target `efs` left out of the zip; sizes are bytes. */
export interface EfsReport extends Pick<EfsOptions, 'store' | 'off'> {
  /** Only those with `{root}`: no others belong into reports and manifests. */
  readonly environment: Readonly<Record<string, string>>;
  /** With links. */
  readonly files: number;
  readonly bytes: number;
  /** Own files among them, by their folder at the top (`model/`) or one by one (`labels.txt`). */
  readonly own: readonly EfsOwnFiles[];
  /** Null for a plan. */
  readonly bundle: EfsBundle | null;
}

/** Own files that go along with the packages, and are no longer beside the handler. */
export interface EfsOwnFiles {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

/** A bundle as it was written. */
export interface EfsBundle {
  /** Its folder; absolute. */
  readonly path: string;
  /** Id of the release, 64 hex digits. */
  readonly release: string;
  readonly chunks: number;
  /** Of all that a first sync fetches. */
  readonly compressedBytes: number;
}
