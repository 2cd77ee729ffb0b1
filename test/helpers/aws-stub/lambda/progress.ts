import { randomUUID } from 'node:crypto';
import { conflict } from './refusals.ts';
import type { FunctionState } from './state.ts';

/** Somebody looks at a function; what is in progress is done when enough have looked. */
export function look(fn: FunctionState): void {
  if (fn.state !== 'Pending' && fn.update !== 'InProgress') return;
  if (fn.looks-- > 0) return;
  const ended = fn.failure === null;
  if (fn.state === 'Pending') fn.state = ended ? 'Active' : 'Failed';
  fn.update = ended || fn.state === 'Failed' ? 'Successful' : 'Failed';
  fn.latest.revisionId = randomUUID();
}

/** Refuses a write while another is in progress. */
export function assertIdle(fn: FunctionState): void {
  look(fn);
  const cannot = 'The operation cannot be performed at this time.';
  if (fn.state === 'Pending')
    throw conflict(`${cannot} The function is currently in the following state: Pending`);
  if (fn.update === 'InProgress')
    throw conflict(`${cannot} An update is in progress for resource: ${fn.arn}`);
}

/** `$LATEST` was changed and is busy for so many looks; its environments are gone. */
export function beginUpdate(fn: FunctionState, looks: number): void {
  if (fn.update === 'Failed') fn.failure = null;
  Object.assign(fn, { update: 'InProgress', looks, warm: 0 });
  Object.assign(fn.latest, { revisionId: randomUUID(), modified: toLambdaDate(new Date()) });
  remember(fn);
}

export function remember(fn: FunctionState): void {
  fn.history.push({ codeSha256: fn.latest.code.sha256, layers: fn.latest.layers.map(({ arn }) => arn) });
}

/** `2026-11-21T10:00:00.000+0000`. */
export function toLambdaDate(date: Date): string {
  return date.toISOString().replace('Z', '+0000');
}
