import type { EfsFollow, EfsWay } from './publish-config.ts';

/** A release on a file system, and how it gets there. */
export interface EfsSettings {
  /** ARN of the access point. */
  readonly accessPoint: string;
  /** `/mnt/ml`. */
  readonly mount: string;
  /** Folder of the releases as the function sees it: `/mnt/ml/classify`. */
  readonly store: string;
  /** Folder of this release, or the link to it, as the function sees it. */
  readonly root: string;
  readonly follow: EfsFollow;
  readonly via: EfsWay;
  readonly bucket: string;
  /** Of the bundle's keys, without a slash at either end. */
  readonly prefix: string;
  readonly keep: number;
  /** Name of the function that syncs. */
  readonly syncFunction: string;
  /** Role that DataSync takes to read the bucket. */
  readonly copyRole: string | null;
  readonly bundle: PublishedBundle;
  /** JSON text that the function is invoked with once. */
  readonly sample: string | null;
}

/** A bundle that lies on this machine; bytes are those of its files, unpacked. */
export interface PublishedBundle {
  /** Its folder; absolute. */
  readonly path: string;
  readonly release: string;
  readonly files: number;
  readonly bytes: number;
  readonly objects: readonly BundleObject[];
}

/** What is sent to S3 under the key below the prefix. */
export interface BundleObject {
  readonly key: string;
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}
