/** What a config says of SageMaker, under `publish.sagemaker`, and the command line over it; all of it may be left out. */
export interface SagemakerConfig {
  /** Name of the endpoint; it is never guessed. */
  readonly endpoint?: string | undefined;
  /** Default: what the files say. */
  readonly framework?: 'pytorch' | 'tensorflow' | undefined;
  /** Of the framework's image: `2.6.0` or `2.6`. Default: the newest that is known. */
  readonly version?: string | undefined;
  /** URI of another image. */
  readonly image?: string | undefined;
  /** Name or ARN of the role that SageMaker takes. */
  readonly role?: string | undefined;
  /** 1024 to 6144 in steps of 1024. Default 2048. */
  readonly memoryMiB?: number | undefined;
  /** 1 to 200. Default 5. */
  readonly maxConcurrency?: number | undefined;
  /** No more than `maxConcurrency`. */
  readonly provisionedConcurrency?: number | undefined;
  /** Variables of the container, beside the function's own. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Folder of the function that is the model. Default `model`. */
  readonly model?: string | undefined;
  /** How the handler is called: with an HTTP event (`http`, the default), or with the JSON itself (`plain`). PyTorch only. */
  readonly call?: 'http' | 'plain' | undefined;
  /** Python file with `to_instances` and `to_answer`. TensorFlow only; default `serving.py`. */
  readonly serving?: string | undefined;
}
