import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeProgress } from '../../src/cli/progress.ts';
import { makeOut } from '../helpers/fake-io.ts';

/** A clock that moves half a second each time it is asked. */
function makeClock(): () => number {
  let now = 0;
  return () => {
    now += 500;
    return now;
  };
}

test('each stage is one plain line with its time and what came of it', () => {
  const { out, read } = makeOut();
  const progress = makeProgress(out, { redraw: false, now: makeClock() });
  progress.start('collect', 100);
  progress.tick(50);
  progress.done('75 MiB -> 43 MiB');
  progress.start('archive');
  progress.done();
  progress.close();
  assert.is(read(), 'collect                   0.5 s  75 MiB -> 43 MiB\narchive                   0.5 s\n');
});

test('a stage that did not finish is said to have stopped, once', () => {
  const { out, read } = makeOut();
  const progress = makeProgress(out, { redraw: false, now: makeClock() });
  progress.start('install');
  progress.close();
  progress.close();
  assert.is(read(), 'install                   0.5 s  stopped\n');
});

test('names cannot move the cursor', () => {
  const { out, read } = makeOut();
  const progress = makeProgress(out, { redraw: false, now: makeClock() });
  progress.start('a\u001b[2J');
  progress.done('b\n');
  assert.is(read().includes('\u001b'), false);
  assert.is(read().split('\n').length, 2);
});

test('lines of a program come as they are said, harmless, and the stage ends as ever', () => {
  const { out, read } = makeOut();
  const progress = makeProgress(out, { redraw: false, now: makeClock() });
  progress.start('install');
  progress.say?.('container | a\u001b[2J');
  progress.done();
  assert.is(read(), 'container | a\\u{1b}[2J\ninstall                   0.5 s\n');
});

test.run();
