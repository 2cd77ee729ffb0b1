import type { Framework } from '../platform/sagemaker-images.ts';
import { layOutPytorch } from './lay-out-pytorch.ts';
import { layOutTensorflow } from './lay-out-tensorflow.ts';
import { readFolder } from './read-folder.ts';
import { tellFramework } from './tell-framework.ts';
import type { ModelLayout } from './types.ts';

/** Lays out a model folder as people have it; without `framework` its files say that. Throws `SAGEMAKER_FRAMEWORK`, `SAGEMAKER_LAYOUT`. */
export async function layOutFolder(dir: string, framework: Framework | null): Promise<ModelLayout> {
  const found = await readFolder(dir);
  const chosen =
    framework ??
    tellFramework(
      found.map(({ path }) => path),
      dir,
    );
  const entries = chosen === 'tensorflow' ? layOutTensorflow(found, dir) : layOutPytorch(found);
  return { framework: chosen, entries };
}
