import { resolve } from 'node:path';
import { findOutFile } from '../config/find-out-file.ts';
import { loadConfig } from '../config/load-config.ts';
import { DEFAULT_OUT } from '../config/resolve-config.ts';
import type { CliArgs } from '../config/types.ts';
import { SlimError } from '../errors.ts';
import type { Io } from './io.ts';

/** The artifact that build wrote for the one function that the config, or --function, names; without a config, the default one. */
export async function findBuilt(args: CliArgs, io: Io, command: string): Promise<string> {
  const config = await loadConfig(io.cwd, args, io.env).catch((error: unknown) => {
    // `build src/handler.ts` needs no config and writes here.
    if (error instanceof SlimError && error.code === 'NO_FUNCTION') return null;
    throw error;
  });
  if (!config) return resolve(io.cwd, args.out ?? DEFAULT_OUT, 'function.zip');
  const [fn, ...others] = config.functions;
  if (fn && others.length === 0) return findOutFile(config, fn);
  const names = config.functions.map(({ name }) => name).join(', ');
  throw new SlimError('USAGE', [
    `Choose one function with --function: ${names}`,
    `lambda-slim ${command}`,
    null,
  ]);
}
