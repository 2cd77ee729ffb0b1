import type { InferredOptionTypes, Options, PositionalOptions } from 'yargs';
import { ENGINES } from '../container/types.ts';
import { limits } from '../platform/limits.ts';
import { ARCHS, BUILD_TARGETS, BYTECODE_MODES, COMPRESS_LEVELS, PRUNE_LEVELS } from '../types.ts';

/** A value that counts once; yargs would make a list of it when it is given twice, and then the last one is meant. */
export function single(describe: string) {
  return { type: 'string', requiresArg: true, describe, coerce: takeLast<string> } as const;
}

/** The same where an empty value, such as that of a variable that is not set, has no meaning. */
export function filled(name: string, describe: string) {
  const coerce = (value: string | readonly string[]): string => {
    const last = takeLast(value);
    if (last.trim() === '') throw new Error(`--${name} needs a value`);
    return last;
  };
  return { type: 'string', requiresArg: true, describe, coerce } as const;
}

/** One of a list of words. */
export function choice<T extends string>(describe: string, choices: readonly T[]) {
  return { type: 'string', requiresArg: true, describe, choices, coerce: takeLast<T> } as const;
}

function takeLast<T extends string>(value: T | readonly T[]): T {
  return typeof value === 'string' ? value : (value.at(-1) as T);
}

/** A whole number within bounds, in digits: what JavaScript takes for a number besides, such as 1e3, is a slip. */
export function whole(name: string, describe: string, least: number, most: number) {
  const coerce = (value: string | readonly string[]): number => {
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= least && number <= most)) {
      throw new Error(`--${name} has to be one whole number from ${least} to ${most}`);
    }
    return number;
  };
  return { type: 'string', requiresArg: true, describe, coerce } as const;
}

/** A value that may be given several times, one a flag, so that it never swallows a positional. */
export function repeated(describe: string) {
  return { type: 'string', array: true, nargs: 1, describe } as const;
}

export const tmpOption = whole(
  'tmp',
  "Size of the function's /tmp in MiB [default: 512]",
  limits.tmpMinMiB,
  limits.tmpMaxMiB,
);

/** Understood by every command; a shell has no document to print. */
export const commonOptions = {
  cache: { type: 'boolean', describe: 'Reuse and keep earlier work (--no-cache: do not)' },
  json: { type: 'boolean', describe: 'Print one JSON document (docs/json.md)' },
  debug: { type: 'boolean', describe: 'Show stacks of errors' },
} as const satisfies Record<string, Options>;

export const platformOptions = {
  runtime: single('Lambda runtime, such as nodejs22.x or python3.13'),
  arch: choice('CPU of the function [default: x64]', [...ARCHS, 'x86_64']),
} as const satisfies Record<string, Options>;

export const configOptions = {
  config: single('Config file; else the nearest one is used'),
  function: repeated('Name of a function in the config; repeatable'),
} as const satisfies Record<string, Options>;

export const outOptions = {
  out: single('Folder for artifacts [default: lambda-slim-out]'),
} as const satisfies Record<string, Options>;

export const containerOptions = {
  'container-image': filled('container-image', 'Image to install in; else that of SAM for the runtime'),
  engine: choice('Runs containers [default: the first that answers]', ENGINES),
} as const satisfies Record<string, Options>;

export const targetOption = choice(
  'zip; efs: a small zip and a bundle for a file system; sagemaker: a model archive [default: zip]',
  BUILD_TARGETS,
);

/** What shapes the artifact. None has a default here: the config decides, and `config/resolve-*` after it. */
export const buildOptions = {
  ...configOptions,
  ...platformOptions,
  target: targetOption,
  include: repeated('Glob of files to add, relative to the root; repeatable'),
  exclude: repeated('Glob of files to leave out; repeatable'),
  external: repeated('Package that is never bundled; repeatable'),
  keep: repeated('Glob of paths that no rule may remove; repeatable'),
  level: choice('How far rules go [default: safe]', PRUNE_LEVELS),
  preset: repeated('Path of a preset of your own; repeatable'),
  'disable-rule': repeated('Rule to switch off, such as sharp/docs; repeatable'),
  'enable-rule': repeated('Rule to switch on by name; repeatable'),
  'allow-scripts': repeated('Package whose install script may run; repeatable'),
  container: { type: 'boolean', describe: 'Install packages in an image of the runtime' },
  ...containerOptions,
  bundle: { type: 'boolean', describe: 'Bundle pure JavaScript packages (--no-bundle: do not)' },
  minify: { type: 'boolean', describe: 'Minify the bundle (--no-minify: do not)' },
  sourcemap: { type: 'boolean', describe: 'Ship a source map' },
  compress: choice('How hard to compress [default: best]', COMPRESS_LEVELS),
  strip: { type: 'boolean', describe: 'Strip native libraries (--no-strip: do not)' },
  dedupe: { type: 'boolean', describe: 'Turn equal libraries into links (--no-dedupe: do not)' },
  'compress-libraries': { type: 'boolean', describe: 'Compress big libraries, inflate at run time' },
  tmp: tmpOption,
  'compile-cache': { type: 'boolean', describe: "Ship V8's compile cache" },
  bytecode: choice('Ship bytecode of Python [default: where it fits]', BYTECODE_MODES),
  verify: { type: 'boolean', describe: 'Run it against the original function (--no-verify: do not)' },
  events: repeated('Glob of JSON files with events for verifying and level exact; repeatable'),
  rest: { type: 'boolean', describe: 'At level exact: write what went into <name>.rest.zip' },
  fallback: { type: 'boolean', describe: 'At level exact: fetch a missed file from there at run time' },
} as const satisfies Record<string, Options>;

export type CommonOptions = InferredOptionTypes<typeof commonOptions>;

export const entryPositional = {
  type: 'string',
  describe: 'File with the handler; else the config says',
} as const satisfies PositionalOptions;
