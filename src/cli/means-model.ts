import { loadConfig } from '../config/load-config.ts';
import type { CliArgs } from '../config/types.ts';
import { SlimError } from '../errors.ts';
import type { ResolvedFunction } from '../types.ts';
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

/** A model archive is another kind of result, which has a document of its own. Throws `USAGE` where it is one among others. */
export function refuseMixture(functions: readonly ResolvedFunction[], command: string): void {
  const models = functions.filter(({ target }) => target === 'sagemaker').map(({ name }) => name);
  if (models.length === 0) return;
  const problem = `${models.join(', ')} ${models.length === 1 ? 'is' : 'are'} for SageMaker, which is built apart from others: choose with --function`;
  throw new SlimError('USAGE', [problem, `lambda-slim ${command}`, null]);
}
