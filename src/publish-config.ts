import type { UrlSettings, VpcSettings } from './aws/types.ts';
import type { HttpApiSettings, LayerSettings, PublishTarget } from './publish-types.ts';

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
