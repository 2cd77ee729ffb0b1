import type { DataSyncState, TaskState } from './datasync/state.ts';
import type { AccessPointState } from './efs/state.ts';
import type { HttpApiState } from './gateway/state.ts';
import type { Role } from './iam/state.ts';
import type { FunctionState, Layer, LayerVersionState } from './lambda/state.ts';
import type { Bucket } from './s3/state.ts';
import type { ModelState, SagemakerState } from './sagemaker/state.ts';

/** How the stub behaves where AWS takes its time or its users have no rights. */
export interface Behaviour {
  /** How many looks, or refused writes, still find a new function `Pending`. */
  readonly pendingLooks: number;
  /** The same for an update that is `InProgress`. */
  readonly updateLooks: number;
  /** How many looks find provisioned concurrency `IN_PROGRESS`. */
  readonly provisionedLooks: number;
  /** How many functions cannot assume a role that was just created. */
  readonly newRoleRefusals: number;
  /** The most items of a page of any list, below the service's own bound. */
  readonly pageItems: number;
  /** Operations that the caller has no right to; `ListTags` hides the tags of a function only. */
  readonly denied: readonly string[];
  readonly blockedRuntimes: readonly string[];
  /** May be slow; a `Refusal` is what Lambda itself says, as of a mount that fails. */
  readonly invoke: (invocation: Invocation) => unknown;
  /** Copies for DataSync; gives its reason where it cannot. */
  readonly copy: (task: TaskState) => string | null;
  /** How many looks find an endpoint under way. */
  readonly endpointLooks: number;
  /** AWS's reason why the container of a model does not come up; null where it does. */
  readonly failsToStart: (model: ModelState) => string | null;
  /** What the container of an endpoint answers. */
  readonly predict: (request: Prediction) => PredictionAnswer;
}

export interface Invocation {
  readonly functionName: string;
  readonly version: string;
  readonly event: unknown;
  readonly cold: boolean;
  /** Nobody waits for the answer. */
  readonly isEvent: boolean;
}

export interface Prediction {
  readonly model: ModelState;
  readonly body: Buffer;
  readonly contentType: string;
  readonly accept: string;
}

export interface PredictionAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** An account in one region. Tests may look at all of it, and change it as another person would. */
export interface AccountState {
  readonly accountId: string;
  readonly region: string;
  /** Of the stub itself, for URLs that lead back to it. */
  readonly endpoint: string;
  readonly behaviour: Behaviour;
  readonly functions: Map<string, FunctionState>;
  readonly layers: Map<string, Layer>;
  /** Layer versions of other accounts that we may use, by ARN. */
  readonly foreignLayers: Map<string, LayerVersionState>;
  readonly buckets: Map<string, Bucket>;
  readonly roles: Map<string, Role>;
  readonly httpApis: Map<string, HttpApiState>;
  /** By ARN. */
  readonly accessPoints: Map<string, AccessPointState>;
  readonly dataSync: DataSyncState;
  readonly sagemaker: SagemakerState;
  /** What presigned URLs lead to, by path. */
  readonly downloads: Map<string, Buffer>;
}
