import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LocalContender, type LocalPlan, measureLocal } from '../../src/cold-start/measure-local.ts';
import { makeSubject } from '../helpers/bench.ts';
import { type FakeOptions, fakeFunction } from '../helpers/fake-function.ts';
import { rejects } from '../helpers/rejects.ts';

type Handler = Parameters<typeof fakeFunction>[0];

function contend(name: string, handler: Handler, options: FakeOptions = {}): LocalContender {
  return { subject: makeSubject(name), fn: fakeFunction(handler, options), folders: [`/${name}`] };
}

function plan(overrides: Partial<LocalPlan> = {}): LocalPlan {
  return {
    rounds: 3,
    warm: 2,
    events: ['{}'],
    caches: ['warm'],
    drop: async () => {},
    signal: new AbortController().signal,
    onStart: () => {},
    ...overrides,
  };
}

/** Notes each cold start as `name`. */
function noting(log: string[], name: string): LocalContender {
  return contend(name, (_, { cold }) => {
    if (cold) log.push(name);
  });
}

test('each round starts with another one, and every start is cold and alone', async () => {
  const log: string[] = [];
  const contenders = [noting(log, 'a'), noting(log, 'b'), noting(log, 'c')];
  const series = await measureLocal(contenders, plan());
  // First one each that is not counted and fills the page cache.
  assert.is(log.join(''), 'abc' + 'abc' + 'bca' + 'cab');
  assert.equal(
    series.map(({ subject, cache, starts }) => [subject.name, cache, starts.length]),
    [
      ['a', 'warm', 3],
      ['b', 'warm', 3],
      ['c', 'warm', 3],
    ],
  );
  const [start] = series[0]?.starts ?? [];
  assert.equal([start?.initMs, start?.firstMs, start?.warmMs.length], [100, 5, 2]);
  assert.equal(series[0]?.summary.maxMemoryBytes, 50_000_000);
});

test('from disk: the files of the one that is to start are dropped right before it', async () => {
  const log: string[] = [];
  const drop = async (folders: readonly string[]): Promise<void> => void log.push(`drop ${folders.join()}`);
  const series = await measureLocal(
    [noting(log, 'a'), noting(log, 'b')],
    plan({ rounds: 2, caches: ['warm', 'cold'], drop }),
  );
  assert.equal(log, [
    ...['drop /a', 'a', 'a', 'drop /b', 'b', 'b'],
    ...['drop /b', 'b', 'b', 'drop /a', 'a', 'a'],
  ]);
  assert.equal(
    series.map(({ subject, cache }) => [subject.name, cache]),
    [
      ['a', 'warm'],
      ['b', 'warm'],
      ['a', 'cold'],
      ['b', 'cold'],
    ],
  );
});

test('events are taken in turns, the same for all', async () => {
  const [a, b] = [fakeFunction(() => 1), fakeFunction(() => 1)];
  const contenders = [
    { subject: makeSubject('a'), fn: a, folders: [] },
    { subject: makeSubject('b'), fn: b, folders: [] },
  ];
  await measureLocal(contenders, plan({ rounds: 2, warm: 1, events: ['1', '2', '3'], caches: ['cold'] }));
  assert.equal(a.events, [1, 2, 2, 3]);
  assert.equal(b.events, a.events);
});

test('a start that fails gives no figures; after three it is given up, the others go on', async () => {
  let calls = 0;
  const flaky = contend('flaky', () => {
    if (++calls % 3 === 0) throw new TypeError('third call');
  });
  const broken = contend('broken', () => {
    throw new Error('no');
  });
  const [one, other] = await measureLocal([flaky, broken], plan({ rounds: 5, caches: ['cold'] }));
  // Three invocations a start: each fails in its last one.
  assert.equal([one?.starts.length, one?.failures.length], [0, 3]);
  assert.equal(one?.failures[0], {
    round: 1,
    invocation: 3,
    errorType: 'TypeError',
    errorMessage: 'third call',
  });
  assert.equal([other?.starts.length, other?.failures.length], [0, 3]);
  assert.is(other?.summary.init, null);
});

test('a stream that broke off is a failure', async () => {
  const error = { errorType: 'Runtime.Broken', errorMessage: 'half' };
  const handler: Handler = () => ({ kind: 'stream', body: new Uint8Array(), contentType: 'x', error });
  const [series] = await measureLocal([contend('a', handler)], plan({ rounds: 1 }));
  assert.is(series?.failures[0]?.errorType, 'Runtime.Broken');
});

test('a cancelled run stops before the next start', async () => {
  const controller = new AbortController();
  const contender = contend('a', () => controller.abort());
  const run = measureLocal([contender], plan({ signal: controller.signal, caches: ['cold'] }));
  await rejects(run, 'CANCELLED');
  assert.is((contender.fn as ReturnType<typeof fakeFunction>).events.length, 3);
});

test.run();
