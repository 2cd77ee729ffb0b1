/** An archive as Lambda took it. */
export interface Code {
  readonly zip: Buffer;
  /** Base64. */
  readonly sha256: string;
  readonly unzippedBytes: number;
  /** `reference` code stays in its bucket. */
  readonly storage: 'copy' | 'reference';
}

/** A function's configuration in the words of the API; layers are kept apart. */
export interface Settings {
  readonly Role: string;
  readonly Runtime?: string;
  readonly Handler?: string;
  readonly Description: string;
  readonly Timeout: number;
  readonly MemorySize: number;
  readonly EphemeralStorage: { readonly Size: number };
  readonly PackageType: 'Zip' | 'Image';
  readonly Architectures: readonly string[];
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly VpcConfig?: VpcConfig;
  readonly FileSystemConfigs?: readonly MountConfig[];
  readonly TracingConfig: { readonly Mode: string };
  readonly SnapStart: { readonly ApplyOn: string };
  readonly LoggingConfig?: object;
  readonly KMSKeyArn?: string;
}

export interface MountConfig {
  readonly Arn: string;
  readonly LocalMountPath: string;
  readonly S3FilesConfig?: { readonly DirectS3Read?: string };
}

export interface VpcConfig {
  readonly SubnetIds?: readonly string[];
  readonly SecurityGroupIds?: readonly string[];
}

/** `$LATEST` or a published version. */
export interface VersionState {
  version: string;
  settings: Settings;
  layers: readonly LayerVersionState[];
  code: Code;
  revisionId: string;
  modified: string;
}

export interface Alias {
  readonly name: string;
  version: string;
  description: string;
  /** Shares of the calls by version; empty where all go to `version`. */
  weights: Readonly<Record<string, number>>;
  /** The weights are Lambda's own, until its concurrency is provisioned for another version. */
  isMoving: boolean;
  revisionId: string;
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: unknown;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: object;
}

export interface UrlConfig {
  readonly url: string;
  readonly created: string;
  modified: string;
  AuthType: string;
  InvokeMode: string;
  Cors?: object;
}

export interface Provisioned {
  requested: number;
  looks: number;
  modified: string;
  /** Why it cannot be; it then ends as FAILED. */
  failure: string | null;
}

export interface FunctionState {
  readonly name: string;
  readonly arn: string;
  latest: VersionState;
  /** Published ones, oldest first. */
  readonly versions: VersionState[];
  readonly aliases: Map<string, Alias>;
  tags: Record<string, string>;
  /** Resource policies by qualifier; that of the function itself is at `$LATEST`. */
  readonly policies: Map<string, Statement[]>;
  readonly urls: Map<string, UrlConfig>;
  readonly provisioned: Map<string, Provisioned>;
  state: 'Pending' | 'Active' | 'Failed';
  update: 'Successful' | 'InProgress' | 'Failed';
  /** Until it is active, or updated. */
  looks: number;
  /** Makes the update that is in progress, or the next one, fail for this reason. */
  failure: string | null;
  /** Environments that wait for an invocation. */
  warm: number;
  /** KMS refuses to decrypt its variables. */
  hidesVariables: boolean;
  /** What `$LATEST` was made of, after each change of code or layers. */
  readonly history: { readonly codeSha256: string; readonly layers: readonly string[] }[];
}

export interface LayerVersionState {
  readonly arn: string;
  readonly version: number;
  readonly description: string;
  readonly license: string | null;
  readonly runtimes: readonly string[];
  readonly archs: readonly string[];
  readonly code: Code;
  readonly created: string;
  /** Who else may use it. */
  readonly policy: Statement[];
}

export interface Layer {
  readonly name: string;
  readonly arn: string;
  /** Numbers are never used again. */
  next: number;
  readonly versions: Map<number, LayerVersionState>;
}
