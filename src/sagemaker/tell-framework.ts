import { SlimError } from '../errors.ts';
import type { Framework } from '../platform/sagemaker-images.ts';

const SCRIPT_WORDS: Readonly<Record<Framework, string>> = {
  tensorflow: 'a SavedModel',
  pytorch: 'a file .pt or .pth',
};

/** True for a SavedModel's main file. */
export function isSavedModel(path: string): boolean {
  return path === 'saved_model.pb' || path.endsWith('/saved_model.pb');
}

/** True for weights or a whole model of PyTorch's; what lies in `code/` is code's own. */
export function isTorchModel(path: string): boolean {
  return /\.(?:pt|pth)$/.test(path) && !path.startsWith('code/');
}

/**
 * Tells by the files which framework a model is of; `links` of an archive count by their names. Throws `SAGEMAKER_FRAMEWORK` where
 * they say none, or both.
 */
export function tellFramework(
  files: readonly string[],
  where: string,
  links: readonly string[] = [],
): Framework {
  const paths = [...files, ...links];
  const found: Framework[] = [];
  if (paths.some(isSavedModel)) found.push('tensorflow');
  if (paths.some(isTorchModel)) found.push('pytorch');
  const [only, ...more] = found;
  if (only !== undefined && more.length === 0) return only;
  const words = (found.length > 0 ? found : (['tensorflow', 'pytorch'] as const)).map(
    framework => SCRIPT_WORDS[framework],
  );
  const left = links.length > 0 ? `, and what its link ${links[0]} leads to is not in it` : '';
  const reason =
    found.length > 0
      ? `there are both ${words.join(' and ')}`
      : `neither ${words.join(' nor ')} is there${left}`;
  throw new SlimError('SAGEMAKER_FRAMEWORK', [where, reason]);
}
