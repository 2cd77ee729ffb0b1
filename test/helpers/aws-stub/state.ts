import type { HttpApiState } from './gateway/state.ts';
import type { Role } from './iam/state.ts';
import type { FunctionState, Layer, LayerVersionState } from './lambda/state.ts';
import type { Bucket } from './s3/state.ts';

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
  readonly invoke: (invocation: Invocation) => unknown;
}

export interface Invocation {
  readonly functionName: string;
  readonly version: string;
  readonly event: unknown;
  readonly cold: boolean;
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
  /** What presigned URLs lead to, by path. */
  readonly downloads: Map<string, Buffer>;
}
