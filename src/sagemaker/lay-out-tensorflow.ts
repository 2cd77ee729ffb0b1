import { SlimError } from '../errors.ts';
import type { FileEntry } from '../types.ts';
import { isBelow, moveEntry, rebase } from './move-entries.ts';
import { isSavedModel } from './tell-framework.ts';

const HINT =
  'Give the folder of one SavedModel, or number them as TensorFlow Serving wants it: <name>/1/saved_model.pb.';

/**
 * Brings a SavedModel to where TensorFlow Serving finds it: below a folder with a number. Places that are right stay (`1/`,
 * `export/Servo/1/`, `<name>/1/`); one without a number becomes `1/`, and version 0 too, which the container would lose. `code/`
 * stays. Throws `SAGEMAKER_LAYOUT`.
 */
export function layOutTensorflow(entries: readonly FileEntry[], where: string): readonly FileEntry[] {
  const folders = entries.filter(({ path }) => isModel(path)).map(({ path }) => folderOf(path));
  const loose = folders.filter(folder => !/^\d+$/.test(nameOf(folder)));
  const zero = folders.filter(folder => /^0+$/.test(nameOf(folder)));
  const moving = [...loose, ...zero];
  const [only, ...more] = moving;
  if (only === undefined) return entries;
  if (more.length > 0) {
    const reason = `${moving.map(folder => `${folder || '.'}/saved_model.pb`).join(' and ')} have no number each`;
    throw new SlimError('SAGEMAKER_LAYOUT', [where, reason, HINT]);
  }
  const target = zero.length > 0 ? rebase(`${only}/1`, only, parentOf(only)) : '1';
  if (folders.some(folder => folder === target)) {
    const reason = `${only || '.'}/saved_model.pb would become ${target}/, which is there`;
    throw new SlimError('SAGEMAKER_LAYOUT', [where, reason, HINT]);
  }
  return entries.map(entry =>
    isBelow(entry.path, only) && !isBelow(entry.path, 'code')
      ? moveEntry(entry, rebase(entry.path, only, target))
      : entry,
  );
}

/** One in `code/` belongs to the code. */
function isModel(path: string): boolean {
  return isSavedModel(path) && !isBelow(path, 'code');
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}

function parentOf(folder: string): string {
  return folderOf(folder);
}
