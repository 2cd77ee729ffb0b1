import type { Options } from 'yargs';
import { filled, platformOptions, single } from './options.ts';

/** The page of a build. */
export const pageOption = {
  report: {
    ...single('Write a page of HTML about it [default: report.html in the folder for artifacts]'),
    requiresArg: false,
  },
} as const satisfies Record<string, Options>;

/** What `report` understands. */
export const reportOptions = {
  out: filled('out', 'File to write, ending in .html [default: lambda-slim-report.html]'),
  ...platformOptions,
  bench: filled('bench', 'What `bench --json` printed, for a plot of cold starts'),
  config: single('Config file; else the nearest one is used'),
  function: { type: 'string', array: true, nargs: 1, describe: 'Name of a function in the config' },
} as const satisfies Record<string, Options>;
