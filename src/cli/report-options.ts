import type { Options } from 'yargs';
import { FORMATS } from '../report/ci/formats.ts';
import { choice, filled } from './options.ts';

/** How results are told. */
export const formatOption = {
  format: choice('How the result is told: --json is --format json [default: text]', FORMATS),
} as const satisfies Record<string, Options>;

/** What `check` compares with. */
export const baselineOptions = {
  baseline: filled('baseline', 'Baseline to compare with: says what grew, by package'),
  'save-baseline': {
    type: 'string',
    describe: 'Write the sizes to a file, for --baseline [default: lambda-slim-baseline.json]',
  },
} as const satisfies Record<string, Options>;
