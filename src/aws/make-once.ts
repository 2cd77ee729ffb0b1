import { SlimError } from '../errors.ts';
import { askAgain } from './ask-again.ts';
import { completePatience } from './patience.ts';
import type { Patience } from './types.ts';

/**
 * Makes what each further call would make once more. `make` must not try again by itself; after a failure that leaves open
 * whether it was made, `find` looks for it first.
 */
export async function makeOnce<T>(
  make: () => Promise<T>,
  find: () => Promise<T | null>,
  patience: Patience,
): Promise<T> {
  const { signal, attempts, pollMs } = completePatience(patience);
  let tries = 0;
  return askAgain(async () => (tries > 0 ? await find() : null) ?? (await make()), {
    signal,
    pauseMs: pollMs,
    waitMs: Number.POSITIVE_INFINITY,
    mayPass: error => mayBeMade(error) && ++tries < attempts,
  });
}

/** Throttled, answered by 5xx, or never answered. */
function mayBeMade(error: unknown): boolean {
  const codes: readonly string[] = ['AWS_THROTTLED', 'AWS_FAILED', 'AWS_UNREACHABLE'];
  return error instanceof SlimError && codes.includes(error.code);
}
