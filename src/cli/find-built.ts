import { findOutFile } from '../config/find-out-file.ts';
import { loadConfig } from '../config/load-config.ts';
import type { CliArgs } from '../config/types.ts';
import { SlimError } from '../errors.ts';
import type { Io } from './io.ts';

/** The artifact that build wrote for the one function that the config, or --function, names. */
export async function findBuilt(args: CliArgs, io: Io, command: string): Promise<string> {
  const config = await loadConfig(io.cwd, args, io.env);
  const [fn, ...others] = config.functions;
  if (fn && others.length === 0) return findOutFile(config, fn);
  const names = config.functions.map(({ name }) => name).join(', ');
  throw new SlimError('USAGE', [
    `Choose one function with --function: ${names}`,
    `lambda-slim ${command}`,
    null,
  ]);
}
