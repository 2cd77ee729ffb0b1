import type { FunctionError } from '../lambda/types.ts';
import type { Arch } from '../types.ts';
import type {
  CodeSource,
  ConfigurationChanges,
  CorsSettings,
  DeployedAlias,
  DeployedConfiguration,
  DeployedFunction,
  DeployedUrl,
  LayerVersion,
  NewFunction,
  NewLayerVersion,
  ObjectRef,
  Permission,
  ProvisionedConcurrency,
  UrlSettings,
} from './deployed.ts';

export type * from './deployed.ts';

/**
 * Lambda's API as publishing needs it. What is not there is null. All throw `SlimError` (`AWS_*`); calls that meet
 * `ResourceConflictException` wait until the other update is done and ask again, within a bound.
 */
export interface LambdaApi {
  readFunction(name: string): Promise<DeployedFunction | null>;
  readConfiguration(name: string, qualifier: string): Promise<DeployedConfiguration | null>;
  /** Takes a function that is there already, with this code, for an answer that was lost. */
  createFunction(request: NewFunction): Promise<DeployedConfiguration>;
  updateCode(name: string, code: CodeSource, arch: Arch): Promise<DeployedConfiguration>;
  updateConfiguration(name: string, changes: ConfigurationChanges): Promise<DeployedConfiguration>;
  /** Waits until `$LATEST` is active and no update is in progress; `FUNCTION_NOT_READY` when that fails or lasts too long. */
  waitUntilReady(name: string): Promise<DeployedConfiguration>;
  tag(arn: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Invokes `$LATEST` and waits for the answer, JSON text; how the function itself failed is no error of the call. */
  invoke(name: string, event: string): Promise<InvocationAnswer>;
  /** Invokes `$LATEST` and waits for nothing. */
  start(name: string, event: string): Promise<void>;

  /** Published ones, oldest first. */
  listVersions(name: string): Promise<readonly DeployedConfiguration[]>;
  /** `codeSha256` and `revisionId`, null where none is known, guard against another update in between. */
  publishVersion(name: string, codeSha256: string, revisionId: string | null): Promise<DeployedConfiguration>;
  readAlias(name: string, alias: string): Promise<DeployedAlias | null>;
  createAlias(name: string, alias: Omit<DeployedAlias, 'revisionId'>): Promise<DeployedAlias>;
  /** `revisionId` is that of the alias as it was read. */
  updateAlias(name: string, alias: DeployedAlias): Promise<DeployedAlias>;
  readProvisioned(name: string, qualifier: string): Promise<ProvisionedConcurrency | null>;
  putProvisioned(name: string, qualifier: string, count: number): Promise<ProvisionedConcurrency>;
  /** Waits until all instances are started; `PROVISIONING_FAILED` with AWS's reason where they do not. */
  waitUntilProvisioned(name: string, qualifier: string): Promise<ProvisionedConcurrency>;

  /** Newest first. */
  listLayerVersions(layer: string): Promise<readonly LayerVersion[]>;
  readLayerVersion(arn: string): Promise<(LayerVersion & { readonly codeUrl: string }) | null>;
  publishLayer(layer: NewLayerVersion): Promise<LayerVersion>;
  deleteLayerVersion(layer: string, version: number): Promise<void>;
  /** True where a policy lets others use it. */
  isLayerShared(layer: string, version: number): Promise<boolean>;
  /** ARNs of the layer versions that any version of any function of the account and region uses. */
  listUsedLayers(): Promise<ReadonlySet<string>>;

  readUrl(name: string, qualifier: string | null): Promise<DeployedUrl | null>;
  createUrl(name: string, qualifier: string | null, settings: UrlSettings): Promise<DeployedUrl>;
  updateUrl(name: string, qualifier: string | null, settings: UrlSettings): Promise<DeployedUrl>;
  listPermissions(name: string, qualifier: string | null): Promise<readonly Permission[]>;
  addPermission(name: string, qualifier: string | null, permission: Permission): Promise<void>;
}

export interface InvocationAnswer {
  readonly text: string;
  /** How the function failed; null where it answered. */
  readonly error: FunctionError | null;
}

export interface UploadOptions {
  /** Of the file, hex. */
  readonly sha256: string;
  readonly onBytes: (bytes: number) => void;
}

/** Objects in S3. */
export interface ObjectsApi {
  /** Whether it is there with these bytes and this content, and in which version. */
  find(bucket: string, key: string, expected: { bytes: number; sha256: string }): Promise<ObjectRef | null>;
  /** Whether the bucket keeps versions, which storage by reference needs. */
  isVersioned(bucket: string): Promise<boolean>;
  /** In parts, each with a checksum; goes on with the parts that an upload before has sent. */
  upload(bucket: string, key: string, path: string, options: UploadOptions): Promise<ObjectRef>;
}

/** What a role needs beyond writing its log. */
export interface RoleNeeds {
  readonly functionName: string;
  readonly vpc: boolean;
  /** ARN of an access point that it mounts, of EFS or of S3 Files. */
  readonly accessPoint: string | null;
  /** Another function that has the same role, and what it reads in S3 (for S3 Files: what is read past the mount). */
  readonly bundle?: BundleRights | null;
}

export interface BundleRights {
  /** Null where there is none. */
  readonly syncFunction: string | null;
  readonly bucket: string;
  readonly prefix: string;
}

/** IAM. */
export interface RolesApi {
  /** Its ARN, or null where there is none. */
  find(name: string): Promise<string | null>;
  /** Creates it, or completes one that was left half-way, with the least policy; gives its ARN. */
  create(name: string, needs: RoleNeeds): Promise<string>;
}

export interface HttpApi {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What an HTTP API still lacks; a complete one has nothing left. */
export interface HttpApiState {
  readonly api: HttpApi | null;
  /** Human words of what is missing, such as `route POST /predict`. */
  readonly missing: readonly string[];
}

export interface HttpApiWanted {
  readonly name: string;
  /** ARN of the function, or of its alias. */
  readonly target: string;
  /** `GET /predict`. */
  readonly routes: readonly string[];
  readonly cors: CorsSettings | null;
}

/** API Gateway, HTTP APIs only. The API is known by its name and a tag of ours. */
export interface HttpApisApi {
  inspect(wanted: HttpApiWanted): Promise<HttpApiState>;
  /** Creates or completes it. */
  complete(wanted: HttpApiWanted): Promise<HttpApi>;
}

export interface AccessPoint {
  readonly arn: string;
  readonly fileSystemId: string;
  readonly isAvailable: boolean;
  /** Who writes through it; null leaves that to the caller. */
  readonly posixUser: { readonly uid: number; readonly gid: number } | null;
}

export interface MountTarget {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly isAvailable: boolean;
}

/** What there is behind an access point of EFS. */
export interface EfsMount {
  readonly accessPoint: AccessPoint;
  readonly targets: readonly MountTarget[];
  readonly throughput: 'bursting' | 'provisioned' | 'elastic';
  readonly storedBytes: number;
}

/** EFS. */
export interface EfsApi {
  /** Null where there is no such access point. */
  inspect(accessPoint: string): Promise<EfsMount | null>;
}

/** How a copy of DataSync stands; bytes. */
export interface CopyState {
  readonly state: 'running' | 'done' | 'failed';
  /** In AWS's words. */
  readonly status: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly reason: string | null;
}

/** From a prefix in S3 to a folder behind an access point. */
export interface CopyWanted {
  readonly name: string;
  readonly bucket: string;
  readonly prefix: string;
  /** That DataSync takes; it may read the bucket. */
  readonly bucketRole: string;
  readonly fileSystemId: string;
  readonly accessPoint: string;
  readonly folder: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
}

/** DataSync. */
export interface DataSyncApi {
  /** Makes what is missing for the copy, and starts it; gives the ARN of the execution. */
  start(wanted: CopyWanted): Promise<string>;
  read(execution: string): Promise<CopyState>;
}

/** An account and a region. */
export interface Account {
  readonly region: string;
  readonly lambda: LambdaApi;
  readonly objects: ObjectsApi;
  readonly roles: RolesApi;
  readonly httpApis: HttpApisApi;
  readonly efs: EfsApi;
  readonly dataSync: DataSyncApi;
  readonly patience: Required<Patience>;
}

/** Waits and retries; what is left out has a default that suits AWS, and tests take shorter ones. Times are ms. */
export interface Patience {
  readonly signal: AbortSignal;
  readonly pollMs?: number;
  readonly waitMs?: number;
  /** Attempts of one call that meets throttling, a lost connection or an answer 5xx. */
  readonly attempts?: number;
  /** Without an answer or a byte for so long, a call counts as lost. */
  readonly silenceMs?: number;
}
