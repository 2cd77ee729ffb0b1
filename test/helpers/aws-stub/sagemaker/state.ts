/** A model, as it was created. */
export interface ModelState {
  readonly name: string;
  readonly image: string;
  readonly archive: string;
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ServerlessState {
  readonly MemorySizeInMB: number;
  readonly MaxConcurrency: number;
  readonly ProvisionedConcurrency?: number;
}

export interface EndpointConfigState {
  readonly name: string;
  readonly model: string;
  /** Null for one that runs on instances. */
  readonly serverless: ServerlessState | null;
}

export interface EndpointState {
  readonly name: string;
  config: string;
  status: 'Creating' | 'Updating' | 'RollingBack' | 'InService' | 'Failed' | 'Deleting';
  failure: string | null;
  /** The configuration that it is to have when it is settled. */
  next: string | null;
  /** Looks that still find it under way. */
  looks: number;
}

export interface SagemakerState {
  readonly models: Map<string, ModelState>;
  readonly configs: Map<string, EndpointConfigState>;
  readonly endpoints: Map<string, EndpointState>;
}

export function newSagemakerState(): SagemakerState {
  return { models: new Map(), configs: new Map(), endpoints: new Map() };
}
