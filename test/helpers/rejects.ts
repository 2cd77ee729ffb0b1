import * as assert from 'uvu/assert';
import { type ErrorCode, SlimError } from '../../src/errors.ts';

/** Asserts that a promise ends in a `SlimError` of this code, and returns the error. */
export async function rejects(promise: Promise<unknown>, code: ErrorCode): Promise<SlimError> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof SlimError)) throw outcome ?? new Error(`Expected ${code}, but nothing was thrown`);
  assert.is(outcome.code, code, outcome.message);
  return outcome;
}
