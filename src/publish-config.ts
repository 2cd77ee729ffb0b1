import type { UrlSettings, VpcSettings } from './aws/types.ts';
import type { SagemakerConfig } from './publish-sagemaker-config.ts';
import type { HttpApiSettings, LayerSettings, PublishTarget } from './publish-types.ts';

/** How a release gets to the mount: our sync function, AWS DataSync, or S3 Files, where the bucket itself is mounted. */
export const EFS_WAYS = ['sync', 'datasync', 's3files'] as const;
export type EfsWay = (typeof EFS_WAYS)[number];

export const EFS_FOLLOWS = ['release', 'current'] as const;
/** `release` pins the function to the release that it was published with; `current` lets it take the newest at its next cold start. */
export type EfsFollow = (typeof EFS_FOLLOWS)[number];

/** What a config says of the target `efs`. */
export interface EfsConfig {
  /** ARN of the access point. */
  readonly accessPoint?: string | undefined;
  /** Where the function sees the file system; `/mnt/` and one name. Default `/mnt/ml`. */
  readonly mount?: string | undefined;
  /** Folder on it that holds the releases. Default: the name of the function in the account, else that in the config. */
  readonly folder?: string | undefined;
  /** Globs over paths in the artifact of own files that go along with the packages, such as `model/**`. */
  readonly files?: readonly string[] | undefined;
  /** Variables that only this target sets, such as `MODEL_DIR={root}/model`; `{root}` is the folder of the release. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Default `release`. */
  readonly follow?: EfsFollow | undefined;
  /** Default `sync`. */
  readonly via?: EfsWay | undefined;
  /** Bucket that bundles are sent through. Default: `bucket` of the section. */
  readonly bucket?: string | undefined;
  /** Of the keys in it. */
  readonly prefix?: string | undefined;
  /** Releases that stay on the file system. Default 3. */
  readonly keep?: number | undefined;
  /** Name of the function that syncs. Default `<function>-efs-sync`. */
  readonly syncFunction?: string | undefined;
  /** With `datasync`: ARN of the role that DataSync takes to read the bucket. */
  readonly copyRole?: string | undefined;
}

type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What a config says of publishing a function, and the command line over it; all of it may be left out. */
export interface PublishConfig {
  /** Name in the account. */
  readonly functionName?: string | undefined;
  /** Default `zip`. */
  readonly target?: PublishTarget | undefined;
  readonly description?: string | undefined;
  /** Name or ARN of the execution role; a new function needs one. */
  readonly role?: string | undefined;
  /** Bucket for what is over 50 MiB zipped. */
  readonly bucket?: string | undefined;
  /** `reference` leaves archives in the bucket, which needs versions there. Default `copy`. */
  readonly storage?: 'copy' | 'reference' | undefined;
  /** Makes a version at each publish that changes something. Default false. */
  readonly version?: boolean | undefined;
  /** Alias that names the new version. */
  readonly alias?: string | undefined;
  readonly provisionedConcurrency?: number | undefined;
  readonly layers?: Loose<LayerSettings> | undefined;
  readonly efs?: EfsConfig | undefined;
  readonly sagemaker?: SagemakerConfig | undefined;
  /** `iam` by default; `none` also needs --public. */
  readonly url?: boolean | Loose<UrlSettings> | undefined;
  /** Default routes: GET and POST /predict. */
  readonly httpApi?: boolean | Loose<HttpApiSettings> | undefined;
  readonly vpc?: VpcSettings | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** What a function's config says of publishing it. Null is what it leaves open; MiB and seconds. */
export interface PublishWishes {
  readonly config: PublishConfig;
  readonly memoryMiB: number | null;
  readonly timeoutSeconds: number | null;
  readonly tmpMiB: number | null;
}
