import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import type { Framework } from '../platform/sagemaker-images.ts';
import type { ResolvedFunction } from '../types.ts';
import { exists } from '../util/fs.ts';
import { readFolder } from './read-folder.ts';
import { tellFramework } from './tell-framework.ts';

/** Tells by the files of its model folder which framework a function is for. Throws `SAGEMAKER_FRAMEWORK`, `SAGEMAKER_LAYOUT`. */
export async function tellOfFunction(
  { root, name }: Pick<ResolvedFunction, 'root' | 'name'>,
  model: string,
): Promise<Framework> {
  const dir = join(root, model);
  if (!(await exists(dir)))
    throw new SlimError('SAGEMAKER_FRAMEWORK', [`the function ${name}`, `it has no folder ${model}/`]);
  return tellFramework(
    (await readFolder(dir)).map(({ path }) => path),
    dir,
  );
}
