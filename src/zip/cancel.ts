import { SlimError } from '../errors.ts';

/** Throws `CANCELLED` once the signal has fired. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new SlimError('CANCELLED', []);
}
