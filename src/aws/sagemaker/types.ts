/** A model as SageMaker is told of it. */
export interface NewModel {
  readonly name: string;
  readonly roleArn: string;
  /** URI. */
  readonly image: string;
  /** `s3://bucket/key` of the archive. */
  readonly archive: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface NewEndpointConfig {
  readonly name: string;
  readonly model: string;
  readonly memoryMiB: number;
  readonly maxConcurrency: number;
  readonly provisionedConcurrency: number | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface DeployedEndpoint {
  readonly name: string;
  readonly arn: string;
  /** Name of the configuration that it has, which during an update is the old one. */
  readonly config: string;
  /** `InService`, `Creating`, `Updating`, `Failed` and others. */
  readonly status: string;
  /** AWS's reason of a failure; it may stay when the endpoint is in service again. */
  readonly failure: string | null;
  readonly isServerless: boolean;
}

export interface EndpointRequest {
  readonly endpoint: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly accept: string;
}

export interface EndpointAnswer {
  readonly body: Uint8Array;
  readonly contentType: string;
}

/**
 * SageMaker as publishing needs it. What is not there is null or false. All throw `SlimError` (`AWS_*`). Models and configurations are
 * never changed: their names say what they are, so one that is there is the same.
 */
export interface SagemakerApi {
  hasModel(name: string): Promise<boolean>;
  createModel(model: NewModel): Promise<void>;
  hasEndpointConfig(name: string): Promise<boolean>;
  createEndpointConfig(config: NewEndpointConfig): Promise<void>;
  readEndpoint(name: string): Promise<DeployedEndpoint | null>;
  createEndpoint(name: string, config: string, tags: Readonly<Record<string, string>>): Promise<void>;
  updateEndpoint(name: string, config: string): Promise<void>;
  /** The endpoint is gone when this returns. */
  deleteEndpoint(name: string): Promise<void>;
  /** Waits until nothing is under way; `onLook` is told of each look. Null where it is not there. `SAGEMAKER_NOT_READY` when it lasts too long. */
  waitUntilSettled(
    name: string,
    onLook: (endpoint: DeployedEndpoint) => void,
  ): Promise<DeployedEndpoint | null>;
  /** `SAGEMAKER_MODEL_FAILED` for an answer that is the model's own failure. */
  invoke(request: EndpointRequest): Promise<EndpointAnswer>;
}
