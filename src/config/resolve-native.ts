import type { CompressChoice, NativeOptions } from '../types.ts';
import type { CliArgs, NativeConfig } from './types.ts';

/**
 * Of the wheels measured (tensorflow, scipy, onnxruntime, pyarrow, opencv), the 6 to 23 files of this size, in bytes, hold 67 to
 * 97 % of all native code; each further file costs links at run time and gains little.
 */
const MIN_BYTES = 1024 * 1024;

/** Fills in what may be done to native libraries. */
export function resolveNative(config: NativeConfig = {}, args: CliArgs): NativeOptions {
  return {
    strip: args.strip ?? config.strip ?? true,
    stripExcept: config.stripExcept ?? [],
    dedupe: args.dedupe ?? config.dedupe ?? true,
    compress: resolveCompress(config.compress, args.compressLibraries),
  };
}

/** The command line switches it on or off; how far it goes is the config's. */
function resolveCompress(
  config: NativeConfig['compress'],
  asked: boolean | undefined,
): CompressChoice | null {
  if (!(asked ?? (config !== undefined && config !== false))) return null;
  const { minBytes = MIN_BYTES, only = [], except = [] } = typeof config === 'object' ? config : {};
  return { minBytes, only, except };
}
