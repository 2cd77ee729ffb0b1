import * as assert from 'uvu/assert';
import { isRefusal, type Refusal, type RefusalCode } from '../../../src/handlers/resnet/refusal.ts';

/** Asserts that a promise ends in a refusal of this code, and returns it. */
export async function refuses(promise: Promise<unknown>, code: RefusalCode): Promise<Refusal> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!isRefusal(outcome)) throw outcome ?? new Error(`Expected ${code}, but nothing was thrown`);
  assert.is(outcome.code, code, outcome.message);
  return outcome;
}
