import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLambdaApi } from '../../../src/aws/lambda/open-lambda-api.ts';
import { send, toStubEnv, withServer } from '../../helpers/http-stub.ts';
import { operationsOf, withLambdaApi } from '../../helpers/lambda-api.ts';
import { rejects } from '../../helpers/rejects.ts';

const seed = { functions: { classify: { aliases: { live: '1' } } } };
const LIVE = { name: 'live', version: '1', description: '', extra: null };

test('a version is made of what is there, once', () =>
  withLambdaApi({ seed: { functions: { classify: {} } } }, async ({ api }) => {
    const { codeSha256 } = await api.waitUntilReady('classify');
    const first = await api.publishVersion('classify', codeSha256, null);
    assert.is(first.version, '1');
    assert.is((await api.publishVersion('classify', codeSha256, null)).version, '1');
    await api.updateConfiguration('classify', { memoryMiB: 512 });
    const second = await api.publishVersion('classify', codeSha256, null);
    assert.equal([second.version, second.memoryMiB, second.arn === first.arn], ['2', 512, true]);
    const versions = await api.listVersions('classify');
    assert.equal(
      versions.map(({ version, memoryMiB }) => [version, memoryMiB]),
      [
        ['1', 128],
        ['2', 512],
      ],
    );
  }));

test('a version of other code than was meant is not made', () =>
  withLambdaApi({ seed }, async ({ api }) => {
    const error = await rejects(api.publishVersion('classify', `${'A'.repeat(43)}=`, null), 'AWS_REFUSED');
    assert.match(error.hint, 'nobody else deploys');
  }));

test('versions are listed in the order of their numbers, over several pages', () =>
  withLambdaApi({ seed: { functions: { classify: {} } }, pageItems: 3 }, async ({ api, stub }) => {
    const { codeSha256 } = await api.waitUntilReady('classify');
    for (let memoryMiB = 201; memoryMiB <= 211; memoryMiB++) {
      await api.updateConfiguration('classify', { memoryMiB });
      await api.publishVersion('classify', codeSha256, null);
    }
    const before = stub.requests.length;
    const versions = await api.listVersions('classify');
    assert.equal(
      versions.map(({ version }) => Number(version)),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    );
    assert.is(stub.requests.length - before, 4);
  }));

test('a version that cannot be invoked yet is waited for', async () => {
  const looks: (string | null)[] = [];
  const states = ['Pending', 'Active'];
  const serve = async ({ method, url = '' }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { searchParams } = new URL(url, 'http://stub');
    if (method === 'GET') looks.push(searchParams.get('Qualifier'));
    const State = method === 'GET' ? states.shift() : 'Pending';
    send(response, 200, { FunctionName: 'classify', Version: '3', State, LastUpdateStatus: 'Successful' });
  };
  await withServer(serve, async port => {
    const { signal } = new AbortController();
    const api = await openLambdaApi(toStubEnv(port), { signal, pollMs: 1 });
    assert.is((await api.publishVersion('classify', '', null)).version, '3');
    assert.equal([looks, states], [['3', '3'], []]);
  });
});

test('an alias is made, read and moved', () =>
  withLambdaApi({ seed: { functions: { classify: { published: true } } } }, async ({ api }) => {
    assert.is(await api.readAlias('classify', 'live'), null);
    const { revisionId: _, ...made } = await api.createAlias('classify', LIVE);
    assert.equal(made, LIVE);
    await api.updateConfiguration('classify', { memoryMiB: 512 });
    const { codeSha256 } = await api.waitUntilReady('classify');
    await api.publishVersion('classify', codeSha256, null);
    const found = await api.readAlias('classify', 'live');
    assert.ok(found);
    const extra = { version: '2', share: 0.1 };
    const canary = await api.updateAlias('classify', { ...found, description: 'canary', extra });
    assert.equal([canary.version, canary.extra, canary.description], ['1', extra, 'canary']);
    const moved = await api.updateAlias('classify', { ...canary, version: '2', extra: null });
    assert.equal([moved.version, moved.extra], ['2', null]);
    assert.is((await api.readConfiguration('classify', 'live'))?.memoryMiB, 512);
  }));

test('an alias that somebody else has changed is not overwritten', () =>
  withLambdaApi({ seed }, async ({ api, stub }) => {
    const found = await api.readAlias('classify', 'live');
    assert.ok(found);
    const alias = stub.state.functions.get('classify')?.aliases.get('live');
    Object.assign(alias ?? {}, { description: 'theirs', revisionId: 'theirs' });
    const error = await rejects(
      api.updateAlias('classify', { ...found, description: 'ours' }),
      'AWS_REFUSED',
    );
    assert.match(error.message, 'Somebody else changed it');
    assert.is(alias?.description, 'theirs');
    await rejects(api.createAlias('classify', LIVE), 'AWS_REFUSED');
  }));

test('an alias of a version that is not there', () =>
  withLambdaApi({ seed }, async ({ api }) => {
    await rejects(api.createAlias('classify', { ...LIVE, name: 'next', version: '9' }), 'AWS_NOT_FOUND');
  }));

test('provisioned concurrency is asked for, and told until it is ready', () =>
  withLambdaApi({ seed, provisionedLooks: 1 }, async ({ api }) => {
    assert.is(await api.readProvisioned('classify', 'live'), null);
    const put = await api.putProvisioned('classify', 'live', 2);
    assert.equal(put, { requested: 2, available: 0, status: 'in-progress', reason: null });
    assert.is((await api.readProvisioned('classify', 'live'))?.status, 'in-progress');
    assert.equal(await api.readProvisioned('classify', 'live'), {
      requested: 2,
      available: 2,
      status: 'ready',
      reason: null,
    });
  }));

test('provisioned concurrency that fails says why', () =>
  withLambdaApi({ seed, provisionedLooks: 0 }, async ({ api, stub }) => {
    await api.putProvisioned('classify', 'live', 2);
    const state = stub.state.functions.get('classify')?.provisioned.get('live');
    if (state) state.failure = 'FUNCTION_ERROR_INIT_FAILURE';
    const found = await api.readProvisioned('classify', 'live');
    assert.equal([found?.status, found?.reason], ['failed', 'FUNCTION_ERROR_INIT_FAILURE']);
    const error = await rejects(api.putProvisioned('classify', '$LATEST', 2), 'AWS_REFUSED');
    assert.match(error.hint, '--alias');
  }));

test('reading changes nothing', () =>
  withLambdaApi({ seed }, async ({ api, stub }) => {
    await api.readFunction('classify');
    await api.readConfiguration('classify', 'live');
    await api.readAlias('classify', 'live');
    await api.readProvisioned('classify', 'live');
    await api.listVersions('classify');
    assert.is(operationsOf(stub).length, 5);
    assert.not(stub.requests.some(({ isWrite }) => isWrite));
  }));

test.run();
