import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeInvocation } from '../../src/exact/judge-invocation.ts';
import type { Outcome } from '../../src/lambda/types.ts';
import { fakeFunction } from '../helpers/fake-function.ts';

const judge = async (outcome: Outcome) =>
  judgeInvocation('pay', await fakeFunction(() => outcome).invoke('{}'));

const answer = (body: unknown): Outcome => ({
  kind: 'answer',
  body: typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body)),
  contentType: 'application/json',
});
const stream = (text: string, error: Extract<Outcome, { kind: 'stream' }>['error'] = null): Outcome => ({
  kind: 'stream',
  body: Buffer.from(text),
  contentType: 'application/vnd.awslambda.http-integration-response',
  error,
});
const finding = (statusCode: number) => [
  { code: 'EXACT_ANSWER_FAILED', level: 'warning', event: 'pay', statusCode },
];

test('answers of servers that failed are told of, refusals are not', async () => {
  assert.equal(await judge(answer({ statusCode: 500 })), finding(500));
  assert.equal(await judge(stream('{"statusCode":503}\0\0\0\0\0\0\0\0body')), finding(503));
  for (const fine of [
    answer({ statusCode: 404 }),
    answer({ statusCode: '500' }),
    answer(null),
    answer('text'),
    answer(''),
    stream(''),
  ])
    assert.equal(await judge(fine), []);
});

test('a failure ends it, also in the middle of a stream', async () => {
  const error = { errorType: 'TypeError', errorMessage: 'no' };
  for (const outcome of [{ kind: 'error', error } as const, stream('half', error)])
    try {
      await judge(outcome);
      assert.unreachable();
    } catch (thrown) {
      assert.match(String(thrown), /"pay".*TypeError: no/);
    }
});

test.run();
