import type { DeployedEndpoint, NewEndpointConfig, NewModel } from '../../aws/sagemaker/types.ts';
import type { ObjectRef } from '../../aws/types.ts';
import type { Framework } from '../../platform/sagemaker-images.ts';

export type { EndpointAccount } from '../../aws/sagemaker/open-endpoint-account.ts';

/** An archive that is to be sent. */
export interface ModelArchive {
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly framework: Framework;
}

/** What is to be there, by names that say what they are. */
export interface WantedEndpoint {
  readonly name: string;
  readonly key: string;
  readonly bucket: string | null;
  readonly model: NewModel;
  readonly config: NewEndpointConfig;
}

/** What was found in the account; what was not asked for is false or null. */
export interface EndpointState {
  readonly endpoint: DeployedEndpoint | null;
  readonly hasModel: boolean;
  readonly hasConfig: boolean;
  readonly object: ObjectRef | null;
}

export type EndpointStep =
  | { readonly kind: 'upload' }
  | { readonly kind: 'create-model' }
  | { readonly kind: 'create-config' }
  | { readonly kind: 'delete-endpoint' }
  | { readonly kind: 'create-endpoint' }
  | { readonly kind: 'update-endpoint' };

export interface EndpointPlan {
  readonly region: string;
  readonly archive: ModelArchive;
  readonly wanted: WantedEndpoint;
  readonly state: EndpointState;
  readonly steps: readonly EndpointStep[];
  /** One sentence each that a person should read before. */
  readonly notes: readonly string[];
}
