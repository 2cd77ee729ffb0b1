import type {
  DeployedAlias,
  DeployedConfiguration,
  DeployedFunction,
  DeployedUrl,
  EfsMount,
  HttpApiState,
  LayerVersion,
  ObjectRef,
  Permission,
  ProvisionedConcurrency,
  VpcSettings,
} from '../aws/types.ts';
import type { BundleObject, PublishPlan } from '../publish-types.ts';

/** What was found in the account; what was not asked for is null or empty. */
export interface AccountState {
  readonly fn: DeployedFunction | null;
  /** ARN of the role that the settings name, where the function does not have it yet. */
  readonly role: string | null;
  /** Versions of our layers by the layer's name, newest first; only of those that had to be asked for. */
  readonly layers: ReadonlyMap<string, readonly LayerVersion[]>;
  /** Objects in the bucket by the sha256 of what they hold. */
  readonly objects: ReadonlyMap<string, ObjectRef>;
  readonly release: ReleaseState;
  readonly front: FrontState;
  readonly cleaning: CleaningState | null;
  /** Unzipped bytes of what is deployed; null where only one of code and layers changes, so that nobody asks. */
  readonly sizes: DeployedSizes | null;
  /** Null but for the target `efs`. */
  readonly efs: EfsState | null;
}

export interface ReleaseState {
  readonly alias: DeployedAlias | null;
  /** Of the version that the alias names, or of the newest one where there is no alias. */
  readonly released: DeployedConfiguration | null;
  /** Of the second version of the alias. */
  readonly canary: DeployedConfiguration | null;
  readonly provisioned: ProvisionedConcurrency | null;
}

export interface FrontState {
  readonly url: DeployedUrl | null;
  readonly permissions: readonly Permission[];
  readonly httpApi: HttpApiState | null;
}

export interface CleaningState {
  /** ARNs of layer versions that some function uses. */
  readonly used: ReadonlySet<string>;
  /** ARNs of those that a policy lets others use. */
  readonly shared: ReadonlySet<string>;
}

/** Bytes, unzipped. */
export interface DeployedSizes {
  readonly code: number;
  /** By ARN. */
  readonly layers: ReadonlyMap<string, number>;
  /** The zip of the deployed code, fetched so that it can be put back. */
  readonly codePath: string | null;
}

/** What was found on the way to the file system. */
export interface EfsState {
  /** Null where the caller may not look, and for S3 Files. */
  readonly mount: EfsMount | null;
  /** The VPC that the function is to be in. */
  readonly vpc: VpcSettings;
  /** How the function that syncs is made or changed; null where another way is taken. */
  readonly worker: { readonly plan: PublishPlan; readonly state: AccountState } | null;
  /** Whether the release lies on the file system as it is wanted; false also where nobody could say. */
  readonly isThere: boolean;
  /** Objects of the bundle that S3 lacks. */
  readonly missing: readonly BundleObject[];
  /** Releases that a version of the function still names. */
  readonly protect: readonly string[];
}
