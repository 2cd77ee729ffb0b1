import type { InferredOptionTypes } from 'yargs';
import { localOptions } from './local-options.ts';
import { choice, commonOptions, configOptions, outOptions, repeated, single, whole } from './options.ts';

const MAX_STARTS = 100;
const MAX_WARM = 1000;

/** Of the service model, without the account and region that may stand before a name: those are in the ARN. */
const FUNCTION_NAME =
  /^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:|\d{12}:function:)?[a-zA-Z0-9-_]{1,64}(?::(?:\$LATEST|[a-zA-Z0-9-_]+))?$/;

function checkNames(names: readonly string[]): readonly string[] {
  const wrong = names.find(name => !FUNCTION_NAME.test(name));
  if (wrong !== undefined)
    throw new Error(`--function and --against take a name, name:alias or ARN, not ${JSON.stringify(wrong)}`);
  return names;
}

/** What `bench` understands; `--function` names a deployed function here, so the config's has another name. */
export const benchOptions = {
  cold: whole('cold', 'Cold starts of each [default: 10]', 1, MAX_STARTS),
  warm: whole('warm', 'Warm invocations after each cold start [default: 20]', 0, MAX_WARM),
  event: repeated('JSON file with an event, or JSON; several take turns; repeatable [default: {}]'),
  'page-cache': choice('Files in it, or read from the disk [default: warm]', ['warm', 'cold', 'both']),
  original: { type: 'boolean', describe: 'Measure the unslimmed function of the config first' },
  'config-function': single('Function of the config, where it has several'),
  html: single('File for a page with the table and a plot'),
  function: {
    ...repeated('Deployed function as name[:alias] or ARN, instead of artifacts; repeatable'),
    coerce: checkNames,
  },
  against: {
    ...repeated('Deployed function to compare it with, as for --function; repeatable'),
    coerce: checkNames,
  },
  'force-cold': {
    type: 'boolean',
    describe:
      'Change a variable of $LATEST before each start of a deployed function, and take it away afterwards',
  },
  ...localOptions,
  config: configOptions.config,
  ...outOptions,
  ...commonOptions,
} as const;

export type BenchArgs = InferredOptionTypes<typeof benchOptions> & {
  readonly artifact?: readonly string[] | undefined;
};

/** How much is measured, with every default filled in. */
export interface BenchPlan {
  readonly rounds: number;
  readonly warm: number;
  /** JSON texts. */
  readonly events: readonly string[];
}
