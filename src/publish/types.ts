import type {
  DeployedAlias,
  DeployedConfiguration,
  DeployedFunction,
  DeployedUrl,
  HttpApiState,
  LayerVersion,
  ObjectRef,
  Permission,
  ProvisionedConcurrency,
} from '../aws/types.ts';

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
