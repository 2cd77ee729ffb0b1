import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { explainAwsError } from '../../src/aws/explain-aws-error.ts';
import { openDeployed } from '../../src/aws/lambda/open-deployed.ts';
import { openLambda } from '../../src/aws/lambda/open-lambda.ts';
import { SlimError } from '../../src/errors.ts';
import { type StubFunction, withLambdaStub } from '../helpers/lambda-stub.ts';
import { rejects } from '../helpers/rejects.ts';

type Env = Readonly<Record<string, string | undefined>>;

const signal = new AbortController().signal;

/** Opens and invokes a function of the stub, with the environment changed. */
async function invoke(name: string, fn: StubFunction, change: Env = {}): Promise<unknown> {
  return withLambdaStub({ api: fn }, async stub => {
    const call = await openLambda({ ...stub.env, ...change });
    const deployed = await openDeployed(call, name, { forceCold: false, signal });
    return deployed.invoke('{"a":1}');
  });
}

test('a function that answers has its report', async () => {
  const { initMs, durationMs, error } = (await invoke('api', { answer: event => event })) as never;
  assert.equal([initMs, durationMs, error], [110.1, 3.01, null]);
});

test('a function that fails is no error of ours, but has its words', async () => {
  const answer = (): never => {
    throw new RangeError('out of range');
  };
  const { error, durationMs } = (await invoke('api', { answer })) as never;
  assert.equal(error, { errorType: 'RangeError', errorMessage: 'out of range' });
  assert.is(durationMs, 3.01);
});

test('JSON logs are read, and a log without a report is explained', async () => {
  assert.is(((await invoke('api', { log: 'json' })) as { initMs: number }).initMs, 110.1);
  await rejects(invoke('api', { log: 'none' }), 'REPORT_MISSING');
});

test('AWS_DEFAULT_REGION counts as in the AWS CLI', async () => {
  await invoke('api', {}, { AWS_REGION: undefined, AWS_DEFAULT_REGION: 'eu-central-1' });
});

test('what AWS refuses is explained', async () => {
  await rejects(invoke('gone', {}), 'AWS_NOT_FOUND');
  await rejects(invoke('api:gone', { aliases: ['live'] }), 'AWS_NOT_FOUND');
  await rejects(invoke('api', {}, { AWS_ACCESS_KEY_ID: 'AKIDOTHER' }), 'AWS_CREDENTIALS');
  const error = await rejects(invoke('api', { throttled: 10 }), 'AWS_THROTTLED');
  assert.match(error.message, 'Invoking api');
});

test('a throttle that passes is waited out', async () => {
  assert.ok(await invoke('api', { throttled: 1 }));
});

test('where nobody listens, AWS cannot be reached', async () => {
  const error = await rejects(
    invoke('api', {}, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }),
    'AWS_UNREACHABLE',
  );
  assert.match(error.message, 'ECONNREFUSED');
});

const named = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name }, more);

test('errors of the SDK that the stub cannot make', () => {
  const answered = { $fault: 'client', $metadata: { httpStatusCode: 400 } };
  const cases = [
    [named('CredentialsProviderError', 'Could not load credentials from any providers'), 'AWS_CREDENTIALS'],
    [named('Error', 'Region is missing'), 'AWS_REGION_MISSING'],
    [named('AccessDeniedException', 'no lambda:InvokeFunction', answered), 'AWS_DENIED'],
    [named('KMSAccessDeniedException', 'no', answered), 'AWS_REFUSED'],
    [named('NoSuchBucket', 'gone', answered), 'AWS_NOT_FOUND'],
    [named('ServiceException', 'no', { $fault: 'server', $metadata: { httpStatusCode: 503 } }), 'AWS_FAILED'],
    [named('Slow', 'no', { $fault: 'client', $metadata: { httpStatusCode: 429 } }), 'AWS_THROTTLED'],
    [named('AbortError', 'Request aborted'), 'CANCELLED'],
    [named('Error', 'getaddrinfo ENOTFOUND x', { code: 'ENOTFOUND' }), 'AWS_UNREACHABLE'],
    [named('TimeoutError', 'Connection timed out'), 'AWS_UNREACHABLE'],
    [named('Error', 'getaddrinfo EAI_AGAIN x', { code: 'EAI_AGAIN' }), 'AWS_UNREACHABLE'],
    [new SyntaxError('Unexpected token <'), 'AWS_UNREACHABLE'],
  ] as const;
  for (const [error, code] of cases) {
    const explained = explainAwsError(error, 'Trying');
    assert.ok(explained instanceof SlimError && explained.code === code, `${error.name} became ${explained}`);
    assert.is(explained.cause, error);
  }
});

test('what is none of AWS stays as it is', () => {
  const bug = new TypeError('x is not a function');
  assert.is(explainAwsError(bug, 'Trying'), bug);
  const slim = new SlimError('CANCELLED', []);
  assert.is(explainAwsError(slim, 'Trying'), slim);
});

test.run();
