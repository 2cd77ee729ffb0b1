import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReportedInvocation } from '../../src/aws/lambda/invoke-with-report.ts';
import {
  type DeployedContender,
  type DeployedPlan,
  measureDeployed,
} from '../../src/cold-start/measure-deployed.ts';
import { makeSubject } from '../helpers/bench.ts';
import { rejects } from '../helpers/rejects.ts';

/** A deployed function whose n-th invocation, from 1, is what `answer` says of it. */
function deploy(
  answer: (call: number, event: string) => Partial<ReportedInvocation>,
  makeCold: (() => Promise<void>) | null = null,
): DeployedContender {
  let calls = 0;
  return {
    subject: makeSubject('api', { kind: 'function' }),
    fn: {
      makeCold,
      invoke: async event => ({
        durationMs: 3,
        initMs: null,
        maxMemoryBytes: 1,
        waitMs: 9,
        error: null,
        ...answer(++calls, event),
      }),
    },
  };
}

function plan(overrides: Partial<DeployedPlan> = {}): DeployedPlan {
  const signal = new AbortController().signal;
  return { rounds: 3, warm: 2, events: ['{}'], signal, onStart: () => {}, ...overrides };
}

test('without force the first invocations go out together, and some of them are cold', async () => {
  const [series] = await measureDeployed([deploy(call => ({ initMs: call <= 2 ? 100 : null }))], plan());
  assert.equal(
    series?.starts.map(({ initMs }) => initMs),
    [100, 100, null],
  );
  assert.is(series?.summary.inits, 2);
});

test('a cold start among the warm invocations is none of them', async () => {
  const [series] = await measureDeployed([deploy(call => ({ initMs: call === 5 ? 100 : null }))], plan());
  assert.equal(
    series?.starts.map(({ warmMs }) => warmMs.length),
    [1, 2, 2],
  );
});

test('with force each start is made cold first, and functions take turns', async () => {
  const log: string[] = [];
  const forced = (name: string): DeployedContender =>
    deploy(
      () => {
        log.push(name);
        return {};
      },
      async () => void log.push(`${name}!`),
    );
  await measureDeployed([forced('a'), forced('b')], plan({ rounds: 2, warm: 0 }));
  assert.equal(log, ['a!', 'a', 'b!', 'b', 'b!', 'b', 'a!', 'a']);
});

test('a failure in a warm invocation is a failed start', async () => {
  const error = { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' };
  const [series] = await measureDeployed(
    [deploy(call => ({ error: call === 3 ? error : null }))],
    plan({ rounds: 1 }),
  );
  assert.equal(series?.failures, [{ round: 1, invocation: 3, ...error }]);
  assert.equal(series?.starts, []);
});

test('a cancelled run changes nothing more', async () => {
  const makeCold = async (): Promise<void> => assert.unreachable();
  const signal = AbortSignal.abort();
  await rejects(measureDeployed([deploy(() => ({}), makeCold)], plan({ signal })), 'CANCELLED');
});

test.run();
