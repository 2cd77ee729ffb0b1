import type { InferredOptionTypes } from 'yargs';
import type { ServingOptions } from '../build-sagemaker.ts';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { FRAMEWORKS } from '../platform/sagemaker-images.ts';
import type { SagemakerConfig } from '../publish-sagemaker-config.ts';
import type { CompressLevel } from '../types.ts';
import { choice, single, whole } from './options.ts';

/** What only model archives ask for, with --target sagemaker. None has a default here. */
export const sagemakerBuildOptions = {
  framework: choice('Of the model [default: what its files say]', FRAMEWORKS),
  'framework-version': single('Of the image that runs it, such as 2.6.0 [default: the newest]'),
} as const;

/** What only endpoints ask for. */
export const sagemakerPublishOptions = {
  ...sagemakerBuildOptions,
  endpoint: single('Name of the endpoint; it is never guessed'),
  image: single("URI of an image of your own [default: AWS's for the framework]"),
  'max-concurrency': whole(
    'max-concurrency',
    'Calls that the endpoint answers at a time [default: 5]',
    1,
    limits.sagemakerConcurrency,
  ),
  sample: single('File to ask the endpoint, or with EFS the function, with once; its answer is printed'),
  'content-type': single('Of the sample [default: by its name]'),
  accept: single('Content type that is asked for [default: application/json]'),
} as const;

export type SagemakerBuildArgs = InferredOptionTypes<typeof sagemakerBuildOptions> & {
  readonly compress?: CompressLevel | undefined;
};

export type SagemakerArgs = InferredOptionTypes<typeof sagemakerPublishOptions> & {
  readonly role?: string | undefined;
  readonly memory?: number | undefined;
  readonly 'provisioned-concurrency'?: number | undefined;
};

const DEFAULTS = { model: 'model', call: 'http', serving: 'serving.py', level: 'fast' } as const;

/** How archives are made; the level is `fast` unless said, since SageMaker unpacks each at every start. */
export function toServingOptions(args: SagemakerBuildArgs, config: SagemakerConfig): ServingOptions {
  return {
    framework: args.framework ?? config.framework ?? null,
    version: args['framework-version'] ?? config.version ?? null,
    level: args.compress ?? DEFAULTS.level,
    model: config.model ?? DEFAULTS.model,
    call: config.call ?? DEFAULTS.call,
    serving: config.serving ?? DEFAULTS.serving,
  };
}

/** The command line over what the config says. */
export function toSagemakerConfig(args: SagemakerArgs, config: SagemakerConfig): SagemakerConfig {
  return {
    ...config,
    endpoint: args.endpoint ?? config.endpoint,
    image: args.image ?? config.image,
    role: args.role ?? config.role,
    memoryMiB: args.memory ?? config.memoryMiB,
    maxConcurrency: args['max-concurrency'] ?? config.maxConcurrency,
    provisionedConcurrency: args['provisioned-concurrency'] ?? config.provisionedConcurrency,
  };
}

/** What only functions have. */
const OF_FUNCTIONS = [
  ...[
    'function-name',
    'handler',
    'create-role',
    'storage',
    'timeout',
    'publish',
    'alias',
    'weight',
    'rollback',
  ],
  ...['attach', 'url', 'public', 'http-api', 'keep', 'runtime', 'arch'],
];

/** Throws `USAGE` for an option that means nothing for what is published. */
export function refuseOthers(args: object, isModel: boolean): void {
  const given = new Map(Object.entries(args));
  // A function on a file system is asked with a sample too.
  const strange = isModel
    ? OF_FUNCTIONS
    : Object.keys(sagemakerPublishOptions).filter(name => name !== 'sample');
  const option = strange.find(name => given.get(name) !== undefined);
  if (option === undefined) return;
  const reason = isModel
    ? `--${option} is about functions, and a SageMaker endpoint is none`
    : `--${option} is about SageMaker endpoints, and needs --target sagemaker`;
  throw new SlimError('USAGE', [reason, 'lambda-slim publish', null]);
}
