import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadOnce } from '../../../src/handlers/resnet/load-once.ts';

test('loads once, also for calls at the same time', async () => {
  let loads = 0;
  const load = loadOnce(async () => ++loads);
  assert.equal(await Promise.all([load(), load()]), [1, 1]);
  assert.is(await load(), 1);
});

test('a failed load is tried again', async () => {
  let loads = 0;
  const load = loadOnce(async () => {
    if (++loads === 1) throw new Error('the network was away');
    return loads;
  });
  const message = await load().catch((error: Error) => error.message);
  assert.is(message, 'the network was away');
  assert.is(await load(), 2);
  assert.is(await load(), 2);
});

test.run();
