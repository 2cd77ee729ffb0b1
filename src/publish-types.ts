import type {
  CodeSource,
  ConfigurationChanges,
  CorsSettings,
  UrlSettings,
  VpcSettings,
} from './aws/types.ts';
import type { BundleObject, EfsSettings } from './publish-efs-types.ts';
import type { Arch } from './types.ts';

export type * from './publish-config.ts';
export type * from './publish-efs-types.ts';
export type * from './publish-sagemaker-config.ts';

export const PUBLISH_TARGETS = ['zip', 'layer', 'efs', 'sagemaker'] as const;
export type PublishTarget = (typeof PUBLISH_TARGETS)[number];

/** Names of the parts that go into layers of their own, in the order in which they are attached. */
export const LAYER_KINDS = ['native', 'models', 'deps'] as const;
export type LayerKind = (typeof LAYER_KINDS)[number];

/** What a published function is to be. Null leaves what is there, and is Lambda's or our default for a new function. */
export interface PublishSettings {
  readonly functionName: string;
  readonly target: PublishTarget;
  readonly runtime: string;
  readonly arch: Arch;
  readonly handler: string;
  readonly description: string | null;
  readonly memoryMiB: number | null;
  readonly timeoutSeconds: number | null;
  readonly tmpMiB: number | null;
  /** These are set; others that the function has stay. */
  readonly environment: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly vpc: VpcSettings | null;
  /** ARN or name of the execution role. */
  readonly role: string | null;
  readonly createRole: boolean;
  readonly layers: LayerSettings;
  readonly bucket: string | null;
  readonly storage: 'copy' | 'reference';
  readonly release: ReleaseSettings;
  readonly front: FrontSettings;
  /** Older layer versions to keep; null deletes none. */
  readonly keep: number | null;
  /** Null but for the target `efs`. */
  readonly efs: EfsSettings | null;
}

export interface LayerSettings {
  /** Globs of own files that go into a layer too, such as `model/**`; under /opt they keep their path. */
  readonly files: readonly string[];
  /** Variables that are set only with the target `layer`, such as `MODEL_DIR=/opt/model`. */
  readonly environment: Readonly<Record<string, string>>;
  /** ARNs of layers that are not ours; those that the function has already stay too. */
  readonly attach: readonly string[];
}

export interface ReleaseSettings {
  /** Makes a version; an alias always does. */
  readonly version: boolean;
  readonly alias: string | null;
  /** Percent of the calls that the new version gets; null is all. */
  readonly weight: number | null;
  /** On the alias. */
  readonly provisionedConcurrency: number | null;
}

export interface FrontSettings {
  readonly url: UrlSettings | null;
  readonly httpApi: HttpApiSettings | null;
}

export interface HttpApiSettings {
  /** `POST /predict`. */
  readonly routes: readonly string[];
  /** Null leaves CORS to the function. */
  readonly cors: CorsSettings | null;
}

/** A zip that is to be sent. Sizes are bytes. */
export interface Package {
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  /** The same in base64. */
  readonly codeSha256: string;
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
}

/** One layer of a split. */
export interface LayerPart extends Package {
  /** Of the layer: `classify-native-1`. */
  readonly name: string;
  readonly kind: LayerKind;
  /** Packages, and globs of own files, that are in it. */
  readonly contents: readonly string[];
  /** Says by its content what the layer is; 256 characters at most. */
  readonly description: string;
  /** Names of the licences in it; 512 characters at most. */
  readonly license: string | null;
}

/** What a build is published as: the function's own zip and its layers, none with the target `zip`. */
export interface Release {
  readonly code: Package;
  readonly layers: readonly LayerPart[];
}

/** An archive and how it gets to AWS; an object that is there already is not sent again. */
export interface Delivery {
  readonly package: Package;
  readonly via:
    | { readonly kind: 'direct' }
    | {
        readonly kind: 'bucket';
        readonly bucket: string;
        readonly key: string;
        readonly storage: 'copy' | 'reference';
        /** What is there; null is to be uploaded. */
        readonly found: CodeSource | null;
      };
}

/** A layer that the function is to have: of others, ours and there, or ours and to be made. */
export type WantedLayer =
  | { readonly kind: 'foreign'; readonly arn: string }
  | { readonly kind: 'found'; readonly arn: string; readonly part: LayerPart }
  | { readonly kind: 'new'; readonly part: LayerPart };

/** One thing to do in the account; all that AWS has to say first is known by then, or is what an earlier step gave. */
export type PublishStep =
  | { readonly kind: 'create-role'; readonly name: string }
  | { readonly kind: 'upload'; readonly delivery: Delivery }
  | { readonly kind: 'publish-layer'; readonly part: LayerPart; readonly delivery: Delivery }
  | { readonly kind: 'send-bundle'; readonly objects: readonly BundleObject[] }
  /** The function that syncs, as a publishing of its own. */
  | { readonly kind: 'sync-function'; readonly plan: PublishPlan }
  | { readonly kind: 'sync'; readonly protect: readonly string[] }
  | {
      readonly kind: 'copy';
      readonly subnetId: string;
      readonly securityGroupIds: readonly string[];
      readonly fileSystemId: string;
    }
  | { readonly kind: 'sample'; readonly event: string }
  | { readonly kind: 'create-function'; readonly delivery: Delivery }
  | { readonly kind: 'switch'; readonly switch: Switch }
  /** Beside these, what proves our layers; a later step knows it when all are there. */
  | { readonly kind: 'tag'; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: 'publish-version' }
  | {
      readonly kind: 'move-alias';
      readonly alias: string;
      readonly weight: number | null;
      readonly isNew: boolean;
    }
  | {
      readonly kind: 'provision';
      readonly alias: string;
      readonly count: number;
      /** As many are there and move with the alias, so that they are only waited for. */
      readonly follows: boolean;
    }
  | {
      readonly kind: 'url';
      readonly settings: UrlSettings;
      /** Null where only permissions are missing. */
      readonly change: 'create' | 'update' | null;
      /** Ids of statements that are missing. */
      readonly lacks: readonly string[];
    }
  | { readonly kind: 'http-api'; readonly missing: readonly string[] }
  | { readonly kind: 'delete-layer'; readonly arn: string };

/**
 * Code and configuration of `$LATEST`, changed in the order that never exceeds 250 MB. Where both change, the first is taken back
 * when the second fails.
 */
export interface Switch {
  readonly order: 'code-first' | 'configuration-first';
  readonly code: Delivery | null;
  /** Layers aside, which may not be there yet. */
  readonly configuration: Omit<ConfigurationChanges, 'layers'>;
  /** Null leaves the layers as they are. */
  readonly layers: readonly WantedLayer[] | null;
}

export interface PublishPlan {
  readonly settings: PublishSettings;
  readonly region: string;
  readonly release: Release;
  /** All that the function is to have, those of others first. */
  readonly layers: readonly WantedLayer[];
  readonly steps: readonly PublishStep[];
  /** One sentence each that a person should read before. */
  readonly notes: readonly string[];
}

/** A line of the table at the end. */
export interface PublishedItem {
  /** `function`, `layer`, `role`, `object`, `bundle`, `release`, `sample`, `version`, `alias`, `url`, `http-api`, `concurrency`, `tags`. */
  readonly what: string;
  readonly name: string;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'sent' | 'reused' | 'deleted';
  /** ARN or URL, null where there is none. */
  readonly where: string | null;
  /** Sent, null where nothing is sent. */
  readonly bytes: number | null;
  readonly detail: string | null;
}

/** One call that a step makes, for `--dry-run`. */
export interface PlannedCall {
  /** `lambda:UpdateFunctionCode`. */
  readonly call: string;
  readonly target: string;
  readonly bytes: number | null;
  readonly detail: string | null;
}

export interface PublishReport {
  readonly functionName: string;
  readonly region: string;
  readonly items: readonly PublishedItem[];
  /** What answers HTTP now. */
  readonly urls: readonly string[];
  readonly notes: readonly string[];
  readonly sentBytes: number;
  /** What the sample was answered, JSON text; null where none was given. */
  readonly answer?: string | null;
}
