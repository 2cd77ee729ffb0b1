import type { InferredOptionTypes } from 'yargs';
import { limits } from '../platform/limits.ts';
import type { PublishFlags } from '../publish/resolve-settings.ts';
import { PUBLISH_TARGETS, type PublishConfig, type PublishWishes } from '../publish-types.ts';
import { type EfsArgs, toEfsConfig, toVpc } from './efs-options.ts';
import { choice, repeated, single, whole } from './options.ts';

const MOST_PERCENT = 99;
/** More versions of a layer than anybody looks back at. */
const MOST_KEPT = 1000;
/** Lambda has no limit of its own but the account's concurrency. */
const MOST_PROVISIONED = 100_000;

/** A number whose bounds are narrower for an endpoint, which an error says too. */
function withNote(option: ReturnType<typeof whole>, bounds: string): ReturnType<typeof whole> {
  const coerce = (value: string | readonly string[]): number => {
    try {
      return option.coerce(value);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw new Error(`${text}; with --target sagemaker ${bounds}`);
    }
  };
  return { ...option, coerce };
}

/** What only publishing asks for. None has a default here: the config decides. */
export const publishOptions = {
  'function-name': single('Name of the function in the account; it is never guessed'),
  target: choice(
    'One zip, packages in layers or on a file system, or a SageMaker endpoint [default: zip]',
    PUBLISH_TARGETS,
  ),
  handler: single('Handler setting [default: as built]'),
  role: single('Execution role, by name or ARN; a new function needs one'),
  'create-role': {
    type: 'boolean',
    describe: 'Make the role of a new function; it may write its logs, and use its VPC if it has one',
  },
  bucket: single('Bucket for what is over 50 MiB zipped'),
  storage: choice('With --bucket: copy the code out of it, or leave it there [default: copy]', [
    'copy',
    'reference',
  ]),
  memory: withNote(
    whole('memory', 'Memory size, MiB [new: 1024]', limits.memoryMinMiB, limits.memoryMaxMiB),
    `${limits.sagemakerMemoryStepMiB} to ${limits.sagemakerMemoryMaxMiB} in steps of ${limits.sagemakerMemoryStepMiB}`,
  ),
  timeout: whole('timeout', 'Timeout, seconds [new: 30]', 1, limits.timeoutSeconds),
  publish: { type: 'boolean', describe: 'Make a version, if anything changed' },
  alias: single('Alias that is to name the new version; a version is made for it'),
  weight: whole(
    'weight',
    'With --alias: percent of the calls that the new version gets; the rest stay',
    1,
    MOST_PERCENT,
  ),
  rollback: { type: 'boolean', describe: 'With --alias: take back the last move, and do nothing else' },
  'provisioned-concurrency': withNote(
    whole('provisioned-concurrency', 'With --alias: instances to keep started', 1, MOST_PROVISIONED),
    '1 to --max-concurrency',
  ),
  attach: repeated('ARN of a layer of somebody else to attach; repeatable'),
  url: { type: 'boolean', describe: 'Give it a function URL, for callers that IAM knows' },
  public: { type: 'boolean', describe: 'Give it a function URL that is open to everyone' },
  'http-api': {
    type: 'boolean',
    describe: 'Put an HTTP API before it: GET and POST /predict, open to everyone',
  },
  keep: whole(
    'keep',
    'Of each layer keep so many versions; delete older ones that no function uses',
    0,
    MOST_KEPT,
  ),
  yes: { type: 'boolean', describe: 'Do not ask before something is deleted' },
  'dry-run': { type: 'boolean', describe: 'Print the calls in their order, and send none that writes' },
} as const;

export type PublishArgs = InferredOptionTypes<typeof publishOptions> &
  EfsArgs & {
    readonly tmp?: number | undefined;
  };

/** The command line over what the config says. */
export function toWishes(args: PublishArgs, wishes: PublishWishes): PublishWishes {
  const { config } = wishes;
  return {
    config: { ...config, ...dropUndefined(toConfig(args, config)) },
    memoryMiB: args.memory ?? wishes.memoryMiB,
    timeoutSeconds: args.timeout ?? wishes.timeoutSeconds,
    tmpMiB: args.tmp ?? wishes.tmpMiB,
  };
}

function toConfig(args: PublishArgs, config: PublishConfig): PublishConfig {
  const { attach } = args;
  return {
    functionName: args['function-name'],
    target: args.target,
    role: args.role,
    bucket: args.bucket,
    storage: args.storage,
    version: args.publish,
    alias: args.alias,
    provisionedConcurrency: args['provisioned-concurrency'],
    layers: attach && { ...config.layers, attach: [...(config.layers?.attach ?? []), ...attach] },
    url: toUrl(args, config.url),
    httpApi: args['http-api'] === true ? config.httpApi || true : args['http-api'],
    efs: toEfsConfig(args, config.efs),
    vpc: toVpc(args, config.vpc),
  };
}

/** `--public` is of no use without a URL, so it asks for one. */
function toUrl({ url, public: isPublic }: PublishArgs, config: PublishConfig['url']): PublishConfig['url'] {
  const isAsked = url ?? (isPublic === true ? true : undefined);
  return isAsked === true ? config || true : isAsked;
}

function dropUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<T>;
}

/** What the command line says for this one run. */
export function toFlags(args: PublishArgs): PublishFlags {
  return {
    createRole: args['create-role'] === true,
    weight: args.weight ?? null,
    keep: args.keep ?? null,
    isPublic: args.public === true,
  };
}
