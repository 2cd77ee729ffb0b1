import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeGuard } from '../../src/publish/guard.ts';

const NOBODY = (): void => {};

test('outside of what is guarded, the signal passes at once', () => {
  const outer = new AbortController();
  const guard = makeGuard(outer.signal, NOBODY);
  assert.equal([guard.isAsked(), guard.signal.aborted], [false, false]);
  outer.abort(new Error('Ctrl-C'));
  assert.equal([guard.isAsked(), guard.signal.aborted], [true, true]);
  assert.is((guard.signal.reason as Error).message, 'Ctrl-C');
});

test('what is guarded runs to its end, also where it guards more, and then the signal passes', async () => {
  const outer = new AbortController();
  let told = 0;
  const guard = makeGuard(outer.signal, () => told++);
  const seen: boolean[] = [];
  const given = await guard.protect(async () => {
    await guard.protect(async () => outer.abort());
    seen.push(guard.signal.aborted, guard.isAsked());
    return 'done';
  });
  assert.equal([given, ...seen, guard.signal.aborted, told], ['done', false, true, true, 1]);
});

test('also where what is guarded fails', async () => {
  const outer = new AbortController();
  const guard = makeGuard(outer.signal, NOBODY);
  const failing = guard.protect(async () => {
    outer.abort();
    throw new Error('no');
  });
  assert.is(await failing.catch((error: Error) => error.message), 'no');
  assert.is(guard.signal.aborted, true);
});

test('a signal that came before counts, and none that comes after the end', () => {
  const outer = new AbortController();
  const early = makeGuard(AbortSignal.abort(), NOBODY);
  assert.is(early.signal.aborted, true);
  const closed = makeGuard(outer.signal, NOBODY);
  closed.close();
  outer.abort();
  assert.is(closed.signal.aborted, false);
});

test.run();
