import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { askAgain } from '../../src/aws/ask-again.ts';
import { rejects } from '../helpers/rejects.ts';

const signal = new AbortController().signal;
const fast = { signal, pauseMs: 1, waitMs: 10_000, mayPass: () => true };

/** Fails so many times, then gives how often it was asked. */
function failing(times: number): () => Promise<number> {
  let asked = 0;
  return async () => {
    if (++asked <= times) throw new Error(`failure ${asked}`);
    return asked;
  };
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'it worked',
    (error: Error) => error.message,
  );
}

test('asks until it works', async () => {
  assert.is(await askAgain(failing(0), fast), 1);
  assert.is(await askAgain(failing(3), fast), 4);
});

test('what time does not mend is thrown at once', async () => {
  const mayPass = (error: unknown): boolean => (error as Error).message === 'failure 1';
  assert.is(await messageOf(askAgain(failing(9), { ...fast, mayPass })), 'failure 2');
});

test('when the time is over, the last failure counts', async () => {
  assert.is(await messageOf(askAgain(failing(9), { ...fast, waitMs: 0 })), 'failure 1');
});

test('before each further time it waits for what it is told, with the time that is left', async () => {
  const left: number[] = [];
  const settle = async (ms: number): Promise<void> => {
    left.push(ms);
  };
  await askAgain(failing(2), { ...fast, settle });
  assert.is(left.length, 2);
  assert.ok(left.every(ms => ms > 0 && ms <= 10_000));
  const broken = async (): Promise<void> => {
    throw new Error('it will never settle');
  };
  assert.is(await messageOf(askAgain(failing(1), { ...fast, settle: broken })), 'it will never settle');
});

test('a pause ends when everything is cancelled', async () => {
  const controller = new AbortController();
  const asked = askAgain(failing(1), { ...fast, pauseMs: 60_000, signal: controller.signal });
  setImmediate(() => controller.abort());
  await rejects(asked, 'CANCELLED');
});

test.run();
