import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toClientConfig } from '../../src/aws/client-config.ts';
import type { AwsStub } from '../helpers/aws-stub/aws-stub.ts';
import { refuses, withClients } from '../helpers/aws-stub/clients.ts';
import type { FaultKind } from '../helpers/aws-stub/faults.ts';

const SEED = { seed: { functions: { f: {} }, buckets: { b: {} } } };
const FN = { FunctionName: 'f' };

/** Adds a tag while something goes wrong; says how it ended, and whether the tag is there. */
async function tagWith(kind: FaultKind): Promise<readonly [outcome: string, isThere: boolean]> {
  return withClients(SEED, async ({ stub, lambda }) => {
    stub.fault({ at: 0, kind });
    const Resource = stub.state.functions.get('f')?.arn ?? '';
    const abort = new AbortController();
    if (kind.startsWith('hang')) setTimeout(() => abort.abort(), 200);
    const outcome = await lambda
      .tagResource({ Resource, Tags: { a: 'b' } }, { abortSignal: abort.signal })
      .then(() => 'done')
      .catch((error: Error & { code?: string }) => error.code ?? error.name);
    return [outcome, stub.state.functions.get('f')?.tags.a === 'b'] as const;
  });
}

test('what goes wrong before a call leaves nothing done, and what goes wrong after it leaves it done', async () => {
  assert.equal(await tagWith('throttle'), ['TooManyRequestsException', false]);
  assert.equal(await tagWith('error'), ['ServiceException', false]);
  assert.equal(await tagWith('conflict'), ['ResourceConflictException', false]);
  assert.equal(await tagWith('drop-before'), ['ECONNRESET', false]);
  assert.equal(await tagWith('drop-after'), ['ECONNRESET', true]);
  assert.equal(await tagWith('hang'), ['AbortError', false]);
  assert.equal(await tagWith('hang-after'), ['AbortError', true]);
});

test('a connection that is cut during a body has done nothing, and the record says how far it came', async () => {
  await withClients(SEED, async ({ stub, s3 }) => {
    stub.fault({ operation: 'PutObject', kind: 'drop-during' });
    const put = s3.putObject({ Bucket: 'b', Key: 'k', Body: Buffer.alloc(20 * 1024 * 1024) });
    const error = await put.then(
      () => null,
      (thrown: Error & { code?: string }) => thrown,
    );
    assert.match(error?.code ?? '', /^(ECONNRESET|EPIPE)$/);
    assert.is(stub.state.buckets.get('b')?.objects.size, 0);
    assert.ok((stub.requests[0]?.bytes ?? 0) < 20 * 1024 * 1024);
  });
});

test('each service has its own words for throttling and for its own failures', async () => {
  await withClients(SEED, async ({ stub, s3, iam, gateway }) => {
    stub.fault({ operation: 'GetObject', kind: 'throttle' });
    stub.fault({ operation: 'GetRole', kind: 'throttle' });
    stub.fault({ operation: 'GetApis', kind: 'throttle' });
    const get = () => s3.getObject({ Bucket: 'b', Key: 'k' });
    await refuses(get(), 'SlowDown', 503, 'Please reduce your request rate.');
    await refuses(iam.getRole({ RoleName: 'lambda-role' }), 'Throttling', 400, 'Rate exceeded');
    await refuses(gateway.getApis({}), 'TooManyRequestsException', 429, 'Too Many Requests');
    stub.fault({ operation: 'GetObject', kind: 'error' });
    await refuses(get(), 'InternalError', 500, 'We encountered an internal error. Please try again.');
  });
});

test('faults meet calls by their index, or by operation and occurrence, and then no more', async () => {
  await withClients({ ...SEED, faults: [{ at: 1, kind: 'error' }] }, async ({ stub, lambda }) => {
    const look = () =>
      lambda.getFunctionConfiguration(FN).then(
        () => 'ok',
        ({ name }) => name,
      );
    assert.equal([await look(), await look(), await look()], ['ok', 'ServiceException', 'ok']);
    stub.fault({ operation: 'GetFunctionConfiguration', occurrence: 2, times: 2, kind: 'throttle' });
    await lambda.getFunction(FN);
    const outcomes = [await look(), await look(), await look(), await look()];
    assert.equal(outcomes, ['ok', 'TooManyRequestsException', 'TooManyRequestsException', 'ok']);
    const faults = stub.requests.map(({ fault }) => fault);
    assert.equal(faults, [null, 'error', null, null, null, 'throttle', 'throttle', null]);
  });
});

test('the SDK itself gets over a fault, each try a request of its own', async () => {
  await withClients(SEED, async ({ stub }) => {
    const lambda = new Lambda(toClientConfig(stub.env, 'LAMBDA'));
    stub.fault({ operation: 'GetFunction', kind: 'throttle', times: 2 });
    await lambda.getFunction(FN);
    assert.equal(
      stub.requests.map(({ status }) => status),
      [429, 429, 200],
    );
  });
});

test('every request is recorded with what it is about', async () => {
  await withClients(SEED, async ({ stub, lambda, s3, iam }) => {
    await lambda.getFunction(FN);
    await s3.putObject({ Bucket: 'b', Key: 'a/k', Body: 'abc' });
    await iam.getRole({ RoleName: 'lambda-role' });
    await lambda.publishVersion(FN);
    const facts = stub.requests.map(({ service, operation, target, isWrite }) =>
      [service, operation, target, isWrite ? 'writes' : 'reads'].join(' '),
    );
    assert.equal(facts, [
      'lambda GetFunction f reads',
      's3 PutObject b/a/k writes',
      'iam GetRole lambda-role reads',
      'lambda PublishVersion f writes',
    ]);
    assert.is(stub.requests[0]?.bytes, 0);
    assert.is(stub.requests[0]?.status, 200);
  });
});

function toStranger(stub: AwsStub): Record<string, string> {
  return { ...stub.env, AWS_ACCESS_KEY_ID: 'AKIDOTHER' };
}

test('keys of others, other regions and rights that were denied are refused', async () => {
  await withClients({ ...SEED, denied: ['GetPolicy'] }, async ({ stub, lambda }) => {
    const other = new Lambda(toClientConfig(toStranger(stub), 'LAMBDA'));
    const invalid = 'The security token included in the request is invalid.';
    await refuses(other.getFunction(FN), 'UnrecognizedClientException', 403, invalid);
    const bucket = new S3(toClientConfig(toStranger(stub), 'S3'));
    await refuses(bucket.getObject({ Bucket: 'b', Key: 'k' }), 'InvalidAccessKeyId', 403, /does not exist/);
    const far = new Lambda({ ...toClientConfig(stub.env, 'LAMBDA'), region: 'us-east-1' });
    await refuses(far.getFunction(FN), 'InvalidSignatureException', 403, /scoped to a valid region/);
    await refuses(lambda.getPolicy(FN), 'AccessDeniedException', 403, /not authorized to perform/);
  });
});

test('what the stub does not know is refused, not dropped', async () => {
  await withClients(SEED, async ({ lambda }) => {
    const limit = { ...FN, ReservedConcurrentExecutions: 1 };
    await refuses(lambda.putFunctionConcurrency(limit), 'NotImplemented', 501, /has no operation/);
    const dead = { ...FN, DeadLetterConfig: { TargetArn: '' } };
    await refuses(
      lambda.updateFunctionConfiguration(dead),
      'NotImplemented',
      501,
      '[stub] does not know DeadLetterConfig',
    );
  });
});

test('a fault has a place, one and only one', async () => {
  await withClients({}, async ({ stub }) => {
    assert.throws(() => stub.fault({ kind: 'error' }), /either `at` or `operation`/);
    assert.throws(() => stub.fault({ kind: 'error', at: 1, operation: 'GetFunction' }), /either/);
  });
});

test.run();
