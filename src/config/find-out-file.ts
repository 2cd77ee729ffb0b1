import { join } from 'node:path';
import type { ResolvedFunction } from '../types.ts';
import type { ResolvedConfig } from './types.ts';

/** Path of a function's artifact: `function.zip` when it is the only one of its config, else `<name>.zip`. */
export function findOutFile(config: ResolvedConfig, fn: ResolvedFunction): string {
  return join(config.outDir, `${config.single ? 'function' : fn.name}.zip`);
}
