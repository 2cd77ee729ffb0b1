import { setTimeout as delay } from 'node:timers/promises';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { SlimError } from '../../errors.ts';
import { findAdvice } from '../known-refusals.ts';
import { parseFunctionRef, toTarget } from './function-ref.ts';
import type { CallLambda } from './open-lambda.ts';

export interface Waiting {
  readonly signal: AbortSignal;
  /** Until the second look; each further one waits twice as long, up to a second. */
  readonly pollMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
}

const DEFAULTS = { pollMs: 100, timeoutMs: 120_000 };
const MAX_POLL_MS = 1000;

/**
 * Asks until no update is in progress, and gives the configuration, whether the update went well or not. `name` is a function,
 * which means its `$LATEST`, or `function:version`. Throws `FUNCTION_NOT_READY` where it lasts too long,
 * `CANCELLED`, and what AWS says.
 */
export async function waitUntilSettled(
  call: CallLambda,
  name: string,
  { signal, pollMs = DEFAULTS.pollMs, timeoutMs = DEFAULTS.timeoutMs }: Waiting,
): Promise<FunctionConfiguration> {
  const until = Date.now() + timeoutMs;
  for (let wait = pollMs; ; wait = Math.min(2 * wait, MAX_POLL_MS)) {
    if (signal.aborted) throw new SlimError('CANCELLED', []);
    const found = await call(`Reading the configuration of ${name}`, (lambda, options) =>
      lambda.getFunctionConfiguration(toTarget(parseFunctionRef(name)), options),
    );
    if (found.LastUpdateStatus !== 'InProgress' && found.State !== 'Pending') return found;
    if (Date.now() >= until)
      throw new SlimError('FUNCTION_NOT_READY', [
        name,
        `its update lasts longer than ${Math.ceil(timeoutMs / 1000)} s`,
      ]);
    await delay(wait, null, { signal }).catch(() => {});
  }
}

/** The same for one that has to be usable then: a failed update or state is `FUNCTION_NOT_READY` with AWS's reason. */
export async function waitUntilReady(
  call: CallLambda,
  name: string,
  waiting: Waiting,
): Promise<FunctionConfiguration> {
  const found = await waitUntilSettled(call, name, waiting);
  const reason = findFailure(found)?.replace(/\.$/, '');
  if (reason !== undefined) throw new SlimError('FUNCTION_NOT_READY', [name, reason, findAdvice('', reason)]);
  return found;
}

/** Why a function cannot be used, or its last update failed; null where neither is told. */
export function findFailure(found: FunctionConfiguration): string | null {
  if (found.State === 'Failed') return found.StateReason ?? 'its state is Failed';
  if (found.LastUpdateStatus !== 'Failed') return null;
  return found.LastUpdateStatusReason ?? 'its last update failed, and AWS gives no reason';
}
