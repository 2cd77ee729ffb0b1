import type { Context, ResolvedFunction } from '../types.ts';
import { collectNode } from './collect-node.ts';
import type { Collected } from './collected.ts';
import { leaveNodeModules } from './leave-node-modules.ts';
import type { HintsOf } from './package-hints.ts';
import { collectPython } from './python/collect-python.ts';

export type { Collected } from './collected.ts';

/** The collect stage: everything that could be in the artifact, and where each file came from. */
export async function collect(fn: ResolvedFunction, hintsOf: HintsOf, context: Context): Promise<Collected> {
  if (fn.platform.runtime.language === 'python') return collectPython(fn, context);
  return collectNode(await leaveNodeModules(fn, context), hintsOf, context);
}
