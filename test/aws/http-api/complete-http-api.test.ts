import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHttpApisApi } from '../../../src/aws/http-api/open-http-apis-api.ts';
import type { HttpApisApi, HttpApiWanted } from '../../../src/aws/types.ts';
import { type AwsStub, type AwsStubOptions, withAwsStub } from '../../helpers/aws-stub/aws-stub.ts';
import type { FaultKind } from '../../helpers/aws-stub/faults.ts';
import { rejects } from '../../helpers/rejects.ts';
import { QUICK } from '../../helpers/upload.ts';

const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:classify';
const CORS = { origins: ['https://example.com'], methods: ['GET', 'POST'], headers: ['Content-Type'] };
const WANTED: HttpApiWanted = {
  name: 'classify',
  target: `${FUNCTION}:live`,
  routes: ['GET /predict', 'POST /predict'],
  cors: CORS,
};

const withApis = (options: AwsStubOptions, use: (apis: HttpApisApi, stub: AwsStub) => Promise<void>) =>
  withAwsStub(options, async stub => {
    const signal = new AbortController().signal;
    await use(openHttpApisApi(stub.env, stub.state.region, { signal, ...QUICK }), stub);
  });

const writesOf = (stub: AwsStub): readonly string[] =>
  stub.requests.filter(({ isWrite }) => isWrite).map(({ operation }) => operation);

/** What there is in all, so that a second of anything is seen. */
const countAll = (stub: AwsStub): readonly (readonly number[])[] =>
  [...stub.state.httpApis.values()].map(api => [api.integrations.size, api.routes.size, api.stages.size]);

const ALL_MISSING = [
  'HTTP API classify',
  `integration with ${WANTED.target}`,
  'route GET /predict',
  'route POST /predict',
  'stage $default',
];

test('where there is none, all is missing; it is made once, and nothing is missing then', () =>
  withApis({}, async (apis, stub) => {
    assert.equal(await apis.inspect(WANTED), { api: null, missing: ALL_MISSING });
    const made = await apis.complete(WANTED);
    assert.is(made.url, `https://${made.id}.execute-api.eu-west-1.amazonaws.com`);
    assert.equal(made.tags, { 'lambda-slim:function': 'classify' });
    assert.equal(await apis.inspect(WANTED), { api: made, missing: [] });
    const writes = writesOf(stub);
    assert.equal(writes, ['CreateApi', 'CreateIntegration', 'CreateRoute', 'CreateRoute', 'CreateStage']);
    assert.equal(await apis.complete(WANTED), made);
    assert.is(writesOf(stub).length, writes.length);
    const [integration] = stub.state.httpApis.get(made.id)?.integrations.values() ?? [];
    assert.is(integration?.integrationUri, WANTED.target);
    assert.is(integration?.payloadFormatVersion, '2.0');
  }));

test('an API of the same name that is not ours, or of another function, is left alone', () =>
  withApis({}, async (apis, stub) => {
    const other = await apis.complete({ ...WANTED, target: `${FUNCTION}-2` });
    const foreign = await apis.complete(WANTED);
    const state = stub.state.httpApis.get(foreign.id);
    if (state) state.tags = { owner: 'me' };
    const named = await apis.complete({ ...WANTED, name: 'classify-2' });
    assert.equal((await apis.inspect(WANTED)).missing, ALL_MISSING);
    const made = await apis.complete(WANTED);
    assert.is(new Set([other.id, foreign.id, named.id, made.id]).size, 4);
  }));

test('what differs is mended: alias, routes, CORS, deployment', () =>
  withApis({}, async (apis, stub) => {
    const { id } = await apis.complete({ ...WANTED, target: FUNCTION, cors: null, routes: ['GET /predict'] });
    const api = stub.state.httpApis.get(id);
    api?.stages.set('$default', { stageName: '$default', autoDeploy: false });
    assert.equal((await apis.inspect(WANTED)).missing, [
      'CORS',
      `other target of the integration: ${WANTED.target} instead of ${FUNCTION}`,
      'route POST /predict',
      'deployment of the stage $default',
    ]);
    await apis.complete(WANTED);
    assert.equal((await apis.inspect(WANTED)).missing, []);
    assert.equal(countAll(stub), [[1, 2, 1]]);
  }));

test('a route that leads elsewhere is turned; other routes and integrations stay', () =>
  withApis({}, async (apis, stub) => {
    const { id } = await apis.complete({ ...WANTED, routes: ['GET /predict', 'GET /health'] });
    const api = stub.state.httpApis.get(id);
    const integration = [...(api?.integrations.values() ?? [])][0];
    if (integration) {
      const old = { ...integration, integrationId: 'old', integrationUri: `${FUNCTION}-old` };
      api?.integrations.set('old', old);
    }
    for (const route of api?.routes.values() ?? [])
      api?.routes.set(route.routeId, { ...route, target: 'integrations/old' });
    assert.equal((await apis.inspect(WANTED)).missing, [
      'turn of the route GET /predict',
      'route POST /predict',
    ]);
    await apis.complete(WANTED);
    assert.equal((await apis.inspect(WANTED)).missing, []);
    assert.equal(countAll(stub), [[2, 3, 1]]);
    const health = [...(api?.routes.values() ?? [])].find(route => route.routeKey === 'GET /health');
    assert.is(health?.target, 'integrations/old');
  }));

test('CORS counts whatever the order and the case of headers; where none is wanted it stays', () =>
  withApis({}, async (apis, stub) => {
    const { id } = await apis.complete(WANTED);
    const same = { ...CORS, methods: ['POST', 'GET'], headers: ['content-type'] };
    assert.equal((await apis.inspect({ ...WANTED, cors: same })).missing, []);
    assert.equal((await apis.inspect({ ...WANTED, cors: { ...CORS, origins: ['*'] } })).missing, ['CORS']);
    await apis.complete({ ...WANTED, cors: null });
    assert.ok(stub.state.httpApis.get(id)?.corsConfiguration);
  }));

test('all pages of every list are read', () =>
  withApis({ pageItems: 1 }, async (apis, stub) => {
    const routes = ['GET /a', 'GET /b', 'GET /c'];
    for (const name of ['one', 'two', 'three']) await apis.complete({ ...WANTED, name, routes });
    for (const name of ['one', 'two', 'three'])
      assert.equal((await apis.inspect({ ...WANTED, name, routes })).missing, []);
    assert.is(stub.state.httpApis.size, 3);
  }));

const FAULTS: readonly FaultKind[] = ['throttle', 'error', 'drop-before', 'drop-after', 'hang-after'];

for (const kind of FAULTS)
  test(`whatever call meets ${kind} once, one API is there, with one of each`, () =>
    withApis({}, async (clean, counted) => {
      await clean.complete(WANTED);
      const completeWith = (at: number) =>
        withApis({ faults: [{ at, kind }] }, async (apis, stub) => {
          const made = await apis.complete(WANTED);
          assert.equal(await apis.inspect(WANTED), { api: made, missing: [] }, `${kind} at ${at}`);
          assert.equal(countAll(stub), [[1, 2, 1]], `${kind} at ${at}`);
        });
      await Promise.all(counted.requests.map(({ index }) => completeWith(index)));
    }));

test('whatever call fails for good, the next run completes what is there', () =>
  withApis({}, async (clean, counted) => {
    await clean.complete(WANTED);
    const goOn = ({ operation }: { readonly operation: string }) =>
      withApis({ faults: [{ operation, times: QUICK.attempts, kind: 'drop-after' }] }, async (apis, stub) => {
        const first = await apis.complete(WANTED).then(
          () => null,
          error => error,
        );
        const made = await apis.complete(WANTED);
        assert.equal((await apis.inspect(WANTED)).missing, [], `${operation}: ${first}`);
        assert.equal(countAll(stub), [[1, 2, 1]], operation);
        assert.is(stub.state.httpApis.size, 1);
        assert.ok(made.id);
      });
    await Promise.all(counted.requests.filter(({ isWrite }) => isWrite).map(goOn));
  }));

test('who may not make APIs is told', () =>
  withApis({ denied: ['CreateApi'] }, async apis => {
    await rejects(apis.complete(WANTED), 'AWS_DENIED');
  }));

test.run();
