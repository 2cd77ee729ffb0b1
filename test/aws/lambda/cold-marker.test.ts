import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COLD_MARKER } from '../../../src/aws/lambda/cold-marker.ts';
import { type DeployedFunction, openDeployed } from '../../../src/aws/lambda/open-deployed.ts';
import { openLambda } from '../../../src/aws/lambda/open-lambda.ts';
import { type LambdaStub, type StubFunction, withLambdaStub } from '../../helpers/lambda-stub.ts';
import { rejects } from '../../helpers/rejects.ts';

interface Opened {
  readonly fn: DeployedFunction;
  readonly stub: LambdaStub;
  readonly cancel: () => void;
  readonly variables: () => Readonly<Record<string, string>> | null | undefined;
}

function withFunction(options: StubFunction, use: (opened: Opened) => Promise<void>): Promise<void> {
  return withLambdaStub({ api: options }, async stub => {
    const controller = new AbortController();
    const call = await openLambda(stub.env);
    const fn = await openDeployed(call, 'api', { forceCold: true, signal: controller.signal, pollMs: 1 });
    const variables = () => stub.functions.get('api')?.variables;
    await use({ fn, stub, cancel: () => controller.abort(), variables });
  });
}

const makeCold = (fn: DeployedFunction): Promise<void> => (fn.makeCold as () => Promise<void>)();

test('each marker makes the next invocation a cold start, and the variables are as before at the end', () =>
  withFunction({ variables: { STAGE: 'prod', URL: 'https://x' } }, async ({ fn, stub, variables }) => {
    const inits = [];
    for (let i = 0; i < 2; i++) {
      await makeCold(fn);
      inits.push((await fn.invoke('{}')).initMs, (await fn.invoke('{}')).initMs);
    }
    assert.equal(inits, [110.1, null, 110.1, null]);
    const [one, two] = stub.functions.get('api')?.updates ?? [];
    assert.equal([one?.STAGE, two?.URL], ['prod', 'https://x']);
    assert.is.not(one?.[COLD_MARKER], two?.[COLD_MARKER]);
    await fn.restore();
    assert.equal(variables(), { STAGE: 'prod', URL: 'https://x' });
  }));

test('nothing is changed by restoring what was not changed, and restoring twice changes nothing more', () =>
  withFunction({ variables: { A1: 'x' } }, async ({ fn, stub }) => {
    await fn.restore();
    await makeCold(fn);
    await fn.restore();
    await fn.restore();
    assert.is(stub.functions.get('api')?.updates.length, 2);
  }));

test('a function without variables has none afterwards', () =>
  withFunction({ variables: null }, async ({ fn, variables }) => {
    await makeCold(fn);
    await fn.restore();
    assert.equal(variables(), {});
  }));

test('what somebody else changed meanwhile stays changed', () => {
  let calls = 0;
  const onUpdate: StubFunction['onUpdate'] = live => {
    // Between our reading and our writing.
    if (++calls !== 2) return;
    live.variables = { ...live.variables, STAGE: 'blue', EXTRA: '1' };
    live.revision = 'another';
  };
  return withFunction({ variables: { STAGE: 'prod' }, onUpdate }, async ({ fn, variables }) => {
    await makeCold(fn);
    await fn.restore();
    assert.equal(variables(), { STAGE: 'blue', EXTRA: '1' });
  });
});

test('a marker that a killed run left behind goes too', () =>
  withFunction({ variables: { [COLD_MARKER]: 'old', A1: 'x' } }, async ({ fn, variables }) => {
    await makeCold(fn);
    await fn.restore();
    assert.equal(variables(), { A1: 'x' });
  }));

test('after a cancellation the marker is still taken away', () =>
  withFunction({ variables: { A1: 'x' } }, async ({ fn, cancel, variables }) => {
    await makeCold(fn);
    cancel();
    await rejects(fn.invoke('{}'), 'CANCELLED');
    await rejects(makeCold(fn), 'CANCELLED');
    await fn.restore();
    assert.equal(variables(), { A1: 'x' });
  }));

test('a cancellation in the middle of an update leaves nothing either', () => {
  let cancelNow = (): void => {};
  return withFunction(
    { variables: { A1: 'x' }, onUpdate: () => cancelNow() },
    async ({ fn, cancel, variables }) => {
      cancelNow = cancel;
      await rejects(makeCold(fn), 'CANCELLED');
      assert.ok(variables()?.[COLD_MARKER], 'the update itself went through');
      await fn.restore();
      assert.equal(variables(), { A1: 'x' });
    },
  );
});

test('variables that cannot be read are never overwritten', () =>
  withFunction({ variables: { SECRET: 'x' }, kmsRefuses: true }, async ({ fn, stub }) => {
    const error = await rejects(makeCold(fn), 'ENVIRONMENT_UNREADABLE');
    assert.match(error.message, 'KMS refused');
    assert.is(stub.functions.get('api')?.updates.length, 0);
  }));

test('an environment that has no room for one more is refused by AWS, with its words', () =>
  withFunction({ variables: { BIG: 'x'.repeat(4080) } }, async ({ fn, variables }) => {
    const error = await rejects(makeCold(fn), 'AWS_REFUSED');
    assert.match(error.message, '4KB limit');
    await fn.restore();
    assert.equal(Object.keys(variables() ?? {}), ['BIG']);
  }));

test('an update that fails says why, and the marker goes nevertheless', () =>
  withFunction({ variables: { A1: 'x' }, updateFails: true }, async ({ fn, variables }) => {
    const error = await rejects(makeCold(fn), 'FUNCTION_NOT_READY');
    assert.match(error.message, 'The image is gone');
    await fn.restore();
    assert.equal(variables(), { A1: 'x' });
  }));

test('an alias is refused before anything is asked of AWS', () =>
  withLambdaStub({ api: { aliases: ['live'] } }, async stub => {
    const call = await openLambda(stub.env);
    const signal = new AbortController().signal;
    await rejects(openDeployed(call, 'api:live', { forceCold: true, signal }), 'USAGE');
    assert.equal(stub.requests, []);
  }));

test.run();
