import type { InferredOptionTypes } from 'yargs';
import {
  commonOptions,
  configOptions,
  filled,
  outOptions,
  platformOptions,
  repeated,
  tmpOption,
} from './options.ts';
import { baselineOptions, formatOption } from './report-options.ts';

/** The options of `check` that say what is judged. */
export const checkOptions = {
  layer: repeated('Zip or folder of a layer, in the order they are attached; repeatable'),
  handler: filled('handler', 'Handler, such as index.handler; its file and export are looked for'),
  tmp: tmpOption,
  'function-name': filled(
    'function-name',
    'A deployed function: name, name:alias or ARN; downloads its code',
  ),
  account: { type: 'boolean', describe: "Ask AWS for the account's own limits" },
  ...platformOptions,
  ...configOptions,
  ...outOptions,
  ...baselineOptions,
  ...formatOption,
  ...commonOptions,
} as const;

export type CheckArgs = InferredOptionTypes<typeof checkOptions> & { artifact: string | undefined };
