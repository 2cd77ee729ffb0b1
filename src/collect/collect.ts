import { SlimError } from '../errors.ts';
import type { Context, ResolvedFunction } from '../types.ts';
import { type Collected, collectNode } from './collect-node.ts';
import { leaveNodeModules } from './leave-node-modules.ts';
import type { HintsOf } from './package-hints.ts';

export type { Collected } from './collect-node.ts';

/** The collect stage: everything that could be in the artifact, and where each file came from. */
export async function collect(fn: ResolvedFunction, hintsOf: HintsOf, context: Context): Promise<Collected> {
  const { runtime } = fn.platform;
  if (runtime.language === 'nodejs')
    return collectNode(await leaveNodeModules(fn, context), hintsOf, context);
  throw new SlimError('RUNTIME_UNSUPPORTED', [runtime.id]);
}
