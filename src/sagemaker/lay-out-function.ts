import { SlimError } from '../errors.ts';
import type { Framework } from '../platform/sagemaker-images.ts';
import type { Entry, FileEntry } from '../types.ts';
import { followLinks } from '../util/follow-links.ts';
import { generatedEntry } from '../util/generated-entry.ts';
import { layOutTensorflow } from './lay-out-tensorflow.ts';
import { loadAdapter } from './load-adapter.ts';
import { isBelow, moveEntry, rebase } from './move-entries.ts';
import { isSavedModel } from './tell-framework.ts';
import type { ModelLayout } from './types.ts';

/** A built function that is to answer in a container. Paths are those of its artifact. */
export interface ServedFunction {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** Lambda's `Handler` setting: `app.handler`, `pkg/app.handler`; for TensorFlow its module has `to_instances` and `to_answer`. */
  readonly handler: string;
  readonly framework: Framework;
  /** Folder of the model. */
  readonly model: string;
  readonly call: 'http' | 'plain';
}

const CODE = 'code';
const LIB = 'code/lib';

/**
 * Lays out a function: its code and packages in `code/lib`, in front of it the adapter, and its model where the framework looks for it.
 * For PyTorch the model folder is the root; for TensorFlow its SavedModel becomes `1/`. Throws `SAGEMAKER_LAYOUT`.
 */
export async function layOutFunction(fn: ServedFunction): Promise<ModelLayout> {
  const files = replaceLinks(fn.entries);
  if (files.some(({ path }) => path === 'inference.py'))
    throw refuse(
      fn,
      'it has an inference.py of its own, which is the name of the adapter',
      'Name the file otherwise.',
    );
  const placed = fn.framework === 'pytorch' ? placeTorch(files, fn) : placeTensorflow(files, fn);
  const made = [
    generatedEntry(`${CODE}/inference.py`, await loadAdapter(fn.framework), 'sagemaker'),
    generatedEntry(`${CODE}/lambda_slim.json`, toSettings(fn, files), 'sagemaker'),
  ];
  return { framework: fn.framework, entries: [...placed, ...made] };
}

function placeTorch(files: readonly FileEntry[], { model }: ServedFunction): readonly FileEntry[] {
  return files.map(entry =>
    moveEntry(entry, isBelow(entry.path, model) ? rebase(entry.path, model, '') : `${LIB}/${entry.path}`),
  );
}

/** What lies beside the SavedModel, such as labels, stays with the code. */
function placeTensorflow(files: readonly FileEntry[], fn: ServedFunction): readonly FileEntry[] {
  const { model } = fn;
  const inside = files.filter(({ path }) => isBelow(path, model));
  const folders = inside
    .filter(({ path }) => isSavedModel(path))
    .map(({ path }) => path.slice(0, path.lastIndexOf('/')));
  if (folders.length === 0)
    throw refuse(
      fn,
      `no SavedModel lies in ${model}/`,
      'Add it with "include", or name its folder with "model".',
    );
  const isModel = (path: string): boolean => folders.some(folder => isBelow(path, folder));
  const saved = inside
    .filter(({ path }) => isModel(path))
    .map(entry => moveEntry(entry, rebase(entry.path, model, '')));
  const rest = files
    .filter(({ path }) => !isModel(path))
    .map(entry => moveEntry(entry, `${LIB}/${entry.path}`));
  return [...layOutTensorflow(saved, fn.name), ...rest];
}

function toSettings(fn: ServedFunction, files: readonly FileEntry[]): Buffer {
  const { handler, framework, call, model } = fn;
  const dot = handler.indexOf('.', handler.lastIndexOf('/') + 1);
  const module = handler.slice(0, dot).replaceAll('/', '.');
  if (framework === 'tensorflow') return toJson({ module });
  const modelDir = files.some(({ path }) => isBelow(path, model));
  return toJson({ module, handler: handler.slice(dot + 1), call, modelDir });
}

function toJson(settings: Readonly<Record<string, string | boolean>>): Buffer {
  return Buffer.from(`${JSON.stringify(settings, null, 2)}\n`);
}

/** Each link becomes the file that it leads to; one that leads nowhere goes. */
function replaceLinks(entries: readonly Entry[]): readonly FileEntry[] {
  const links = new Map(
    entries.flatMap(entry => (entry.kind === 'link' ? [[entry.path as string, entry.target] as const] : [])),
  );
  const files = new Map(
    entries.flatMap(entry => (entry.kind === 'file' ? [[entry.path as string, entry] as const] : [])),
  );
  return entries.flatMap(entry => {
    if (entry.kind === 'file') return entry;
    const end = followLinks(entry.path, links)?.path ?? '';
    const file = files.get(end);
    if (file) return moveEntry(file, entry.path);
    return [...files.values()]
      .filter(({ path }) => isBelow(path, end) && end !== '')
      .map(inner => moveEntry(inner, rebase(inner.path, end, entry.path)));
  });
}

function refuse({ name }: ServedFunction, reason: string, hint: string): SlimError {
  return new SlimError('SAGEMAKER_LAYOUT', [`The function ${name}`, reason, hint]);
}
