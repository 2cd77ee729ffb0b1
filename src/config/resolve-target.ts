import type { BuildTarget, EfsOff, EfsOptions, ResolvedFunction } from '../types.ts';
import type { UserConfig } from './types.ts';

const DEFAULT_MOUNT = '/mnt/ml';

/** What is built: as asked for, else what publishing needs, for which layers are made of a zip. */
export function resolveTarget({ target, publish }: UserConfig): BuildTarget {
  const published = publish?.target;
  return target ?? (published === undefined || published === 'layer' ? 'zip' : published);
}

type Targeted = Pick<ResolvedFunction, 'name' | 'target' | 'native' | 'rest'>;

/**
 * The settings with what the target `efs` adds to them, and without what makes no sense there: libraries travel compressed in the
 * bundle anyway and lie unpacked on the file system, and what is missing beside the handler is looked for there.
 */
export function fitTarget<T extends Targeted>(
  fn: T,
  { publish }: UserConfig,
): T & Pick<ResolvedFunction, 'efs'> {
  if (fn.target !== 'efs') return { ...fn, efs: null };
  const { mount = DEFAULT_MOUNT, folder, files = [], environment = {} } = publish?.efs ?? {};
  const off: readonly EfsOff[] = [
    ...(fn.native.compress ? ['compress-libraries' as const] : []),
    ...(fn.rest.fallback ? ['fallback' as const] : []),
  ];
  const { functionName = '' } = publish ?? {};
  const store = `${mount}/${folder ?? (/^[\w-]+$/.test(functionName) ? functionName : fn.name)}`;
  const efs: EfsOptions = { files, environment, mount, store, off };
  return { ...fn, efs, native: { ...fn.native, compress: null }, rest: { ...fn.rest, fallback: false } };
}
