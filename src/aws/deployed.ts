import type { Arch } from '../types.ts';

/** What the API says of a function, of one of its versions, or of `$LATEST`. Sizes are bytes. */
export interface DeployedConfiguration {
  readonly name: string;
  /** Without a qualifier. */
  readonly arn: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** Base64. */
  readonly codeSha256: string;
  readonly codeBytes: number;
  readonly packageType: 'Zip' | 'Image';
  readonly runtime: string | null;
  readonly handler: string | null;
  readonly arch: Arch;
  readonly role: string;
  readonly description: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly tmpMiB: number;
  /** Null where KMS refuses to decrypt them. */
  readonly environment: Readonly<Record<string, string>> | null;
  readonly layers: readonly AttachedLayer[];
  readonly vpc: VpcSettings | null;
  /** That of its subnets; null outside a VPC. */
  readonly vpcId: string | null;
  readonly fileSystem: FileSystemSettings | null;
  /** Its published versions start from a snapshot. */
  readonly snapStart: boolean;
  readonly revisionId: string;
  /** Why it could not be made, or the last update of it failed; null where all went well, and in lists. */
  readonly failure: string | null;
}

export interface AttachedLayer {
  /** With the version. */
  readonly arn: string;
  /** Zipped. */
  readonly codeBytes: number;
}

/** A file system that the function mounts; Lambda takes one. */
export interface FileSystemSettings {
  /** ARN of the access point, of EFS or of S3 Files. */
  readonly arn: string;
  /** `/mnt/ml`. */
  readonly mount: string;
}

export interface VpcSettings {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** `$LATEST`, as GetFunction tells it in one call. */
export interface DeployedFunction {
  readonly configuration: DeployedConfiguration;
  /** Null where the caller may not list tags. */
  readonly tags: Readonly<Record<string, string>> | null;
  /** Where the zip can be read from for some minutes; a secret, never printed. Null for code that lies elsewhere. */
  readonly codeUrl: string | null;
}

export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
  /** Null in a bucket without versions. */
  readonly version: string | null;
}

/** Where AWS takes an archive from. `reference` leaves an object where it is, which needs a version. */
export type CodeSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'object'; readonly object: ObjectRef; readonly storage: 'copy' | 'reference' };

/** Only what is there is changed. */
export interface ConfigurationChanges {
  readonly runtime?: string;
  readonly handler?: string;
  readonly role?: string;
  readonly description?: string;
  readonly memoryMiB?: number;
  readonly timeoutSeconds?: number;
  readonly tmpMiB?: number;
  /** All of them, not only the changed. */
  readonly environment?: Readonly<Record<string, string>>;
  /** ARNs with versions, all of them, in order. */
  readonly layers?: readonly string[];
  readonly vpc?: VpcSettings;
  /** Null takes it away. */
  readonly fileSystem?: FileSystemSettings | null;
}

export interface NewFunction extends ConfigurationChanges {
  readonly name: string;
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly arch: Arch;
  readonly code: CodeSource;
  readonly tags: Readonly<Record<string, string>>;
}

export interface DeployedAlias {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** A second version and its share of the calls, 0 to 1. */
  readonly extra: { readonly version: string; readonly share: number } | null;
  readonly revisionId: string;
}

export interface LayerVersion {
  /** With the version. */
  readonly arn: string;
  readonly version: number;
  readonly description: string;
  readonly runtimes: readonly string[];
  readonly archs: readonly Arch[];
}

export interface NewLayerVersion {
  readonly name: string;
  readonly description: string;
  readonly license: string | null;
  readonly runtimes: readonly string[];
  readonly archs: readonly Arch[];
  readonly code: CodeSource;
}

export interface UrlSettings {
  readonly auth: 'none' | 'iam';
  /** `stream` answers while the function still writes. */
  readonly mode: 'buffer' | 'stream';
  /** Null leaves CORS to the function. */
  readonly cors: CorsSettings | null;
}

export interface CorsSettings {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
}

export interface DeployedUrl extends UrlSettings {
  readonly url: string;
}

/** A statement of the resource policy of a function or an alias. */
export interface Permission {
  readonly id: string;
  readonly action: 'lambda:InvokeFunctionUrl' | 'lambda:InvokeFunction';
  /** `*`, or a service. */
  readonly principal: string;
  readonly sourceArn: string | null;
  /** Only calls through a function URL of this kind. */
  readonly urlAuth: 'none' | null;
  /** Only calls that came through a function URL. */
  readonly viaUrl: boolean;
}

export interface ProvisionedConcurrency {
  readonly requested: number;
  readonly available: number;
  readonly status: 'in-progress' | 'ready' | 'failed';
  readonly reason: string | null;
}
