import { loadConfig } from '../config/load-config.ts';
import type { CliArgs } from '../config/types.ts';
import { SlimError } from '../errors.ts';
import type { Io } from './io.ts';

/** True where a model archive is meant: by `--target`, or by the config of the one function that is meant. */
export async function meansModel(
  path: string | undefined,
  args: CliArgs & { readonly target?: string | undefined },
  io: Pick<Io, 'cwd' | 'env'>,
): Promise<boolean> {
  if (args.target !== undefined) return args.target === 'sagemaker';
  if (path !== undefined) return false;
  const config = await loadConfig(io.cwd, args, io.env).catch((error: unknown) => {
    if (error instanceof SlimError && error.code === 'NO_FUNCTION') return null;
    throw error;
  });
  return config?.functions.length === 1 && config.functions[0]?.target === 'sagemaker';
}
