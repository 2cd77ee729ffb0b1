import type { Finding } from '../findings.ts';
import { limits } from '../platform/limits.ts';
import type { Framework } from '../platform/sagemaker-images.ts';
import { isStray } from './stray-files.ts';
import { isSavedModel, isTorchModel } from './tell-framework.ts';
import type { ArchiveListing, CheckedModel, ModelFile } from './types.ts';

/** Paths that a finding names. */
const SHOWN = 3;

/** TorchServe's container packs what was unpacked into an archive of its own, and unpacks that. */
const COPIES: Readonly<Record<Framework, number>> = { pytorch: 2, tensorflow: 1 };

/** What keeps an archive from coming up in the container of its framework, or costs time there. */
export function checkModel(model: CheckedModel): readonly Finding[] {
  const { framework, files } = model;
  const paths = files.map(({ path }) => path);
  return [
    ...checkDisk(model),
    ...(framework === 'tensorflow' ? checkTensorflow(paths) : checkPytorch(paths)),
    ...checkRequirements(framework, paths),
  ];
}

/** The same for an archive that somebody else made. */
export function checkArchive(
  model: CheckedModel,
  { files, links, escapes }: ArchiveListing,
): readonly Finding[] {
  // A link has the name of what it stands for, so that one finding tells what is wrong with it.
  const named = [...files, ...links.map(path => ({ path, bytes: 0 }))];
  const paths = named.map(({ path }) => path);
  const stray = paths.filter(isStray);
  const folder = findWrapper(paths);
  const few = (all: readonly string[]) => ({ paths: all.slice(0, SHOWN), count: all.length });
  const isElsewhere =
    folder !== null || (paths.length > 0 && paths.every(path => /^(?:\/|\.\.\/)/.test(path)));
  const found = isElsewhere ? checkDisk(model) : checkModel({ ...model, files: named });
  return [
    ...escapes.slice(0, SHOWN).map(path => ({ code: 'ENTRY_ESCAPES', level: 'error', path }) as const),
    ...(folder === null ? [] : [{ code: 'SAGEMAKER_WRAPPED', level: 'error', folder } as const]),
    ...(links.length > 0 ? [{ code: 'SAGEMAKER_LINKS', level: 'error', ...few(links) } as const] : []),
    ...(stray.length > 0 ? [{ code: 'SAGEMAKER_STRAY', level: 'warning', ...few(stray) } as const] : []),
    ...found,
  ];
}

/** Bytes are sure once, and likely where the container copies them. */
function checkDisk({ framework, files, archiveBytes }: CheckedModel): readonly Finding[] {
  const limit = limits.sagemakerDiskBytes;
  const once = archiveBytes + sum(files);
  if (once > limit) return [{ code: 'SAGEMAKER_DISK', level: 'error', bytes: once, limit, copies: 1 }];
  const copies = COPIES[framework];
  if (once * copies <= limit) return [];
  return [{ code: 'SAGEMAKER_DISK', level: 'warning', bytes: once * copies, limit, copies }];
}

function sum(files: readonly ModelFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

function checkTensorflow(paths: readonly string[]): readonly Finding[] {
  const models = paths.filter(path => isSavedModel(path) && /(?:^|\/)\d+\/[^/]+$/.test(path));
  if (models.length === 0) return [{ code: 'SAGEMAKER_NO_MODEL', level: 'error', framework: 'tensorflow' }];
  return models
    .filter(path => /(?:^|\/)0+\/[^/]+$/.test(path))
    .map(path => ({ code: 'SAGEMAKER_VERSION_ZERO', level: 'error', path }));
}

function checkPytorch(paths: readonly string[]): readonly Finding[] {
  if (paths.includes('code/inference.py')) return [];
  const models = paths.filter(path => isTorchModel(path) && !path.includes('/')).length;
  if (models === 0) return [{ code: 'SAGEMAKER_NO_MODEL', level: 'error', framework: 'pytorch' }];
  return [{ code: 'SAGEMAKER_NO_SCRIPT', level: models === 1 ? 'info' : 'warning', models }];
}

function checkRequirements(framework: Framework, paths: readonly string[]): readonly Finding[] {
  const path = 'code/requirements.txt';
  if (!paths.includes(path)) return [];
  const isUnread = framework === 'tensorflow' && paths.some(each => each.startsWith('code/lib/'));
  if (isUnread) return [{ code: 'SAGEMAKER_REQUIREMENTS_UNREAD', level: 'warning', path }];
  // TensorFlow's container reads it only for a script.
  if (framework === 'tensorflow' && !paths.includes('code/inference.py')) return [];
  return [{ code: 'SAGEMAKER_INSTALLS', level: 'warning', path, seconds: limits.sagemakerStartSeconds }];
}

/** The one folder around a model; those that belong to a layout are none. */
function findWrapper(paths: readonly string[]): string | null {
  const first = paths[0]?.split('/')[0];
  if (first === undefined || /^(?:|\.\.|\d+|code)$/.test(first)) return null;
  if (!paths.every(path => path.startsWith(`${first}/`))) return null;
  const inner = paths.map(path => path.slice(first.length + 1));
  const isWrapped =
    inner.some(path => path.startsWith('code/') || isTorchModel(path)) && !inner.some(isNumbered);
  return isWrapped || inner.includes('saved_model.pb') ? first : null;
}

/** `<name>/1/saved_model.pb` is a place that TensorFlow Serving knows. */
function isNumbered(path: string): boolean {
  return /(?:^|\/)\d+\/saved_model\.pb$/.test(path) && !path.includes('code/');
}
