import { randomUUID } from 'node:crypto';
import type { Alias, FunctionState } from './state.ts';

/**
 * Somebody looks at an alias or its concurrency. While the environments of a version that it was moved to are prepared, Lambda
 * itself shares the calls of the alias with the old version; that ends when they are ready, and not when they fail.
 */
export function lookAtProvisioned(fn: FunctionState, qualifier: string): void {
  const provisioned = fn.provisioned.get(qualifier);
  if (!provisioned || provisioned.looks === 0) return;
  provisioned.looks--;
  const alias = fn.aliases.get(qualifier);
  if (provisioned.looks > 0 || provisioned.failure !== null || !alias?.isMoving) return;
  Object.assign(alias, { isMoving: false, weights: {}, revisionId: randomUUID() });
}

/** What becomes of the concurrency of an alias that now names another version. */
export function moveProvisioned(fn: FunctionState, alias: Alias, before: string, looks: number): void {
  const provisioned = fn.provisioned.get(alias.name);
  if (!provisioned || before === alias.version) return;
  provisioned.looks = looks;
  if (looks === 0 || Object.keys(alias.weights).length > 0) return;
  Object.assign(alias, { isMoving: true, weights: { [before]: 1 } });
}
