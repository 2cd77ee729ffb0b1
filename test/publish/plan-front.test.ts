import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeployedUrl, Permission, UrlSettings } from '../../src/aws/types.ts';
import { SlimError } from '../../src/errors.ts';
import { httpApiPermission, planFront, URL_PERMISSIONS } from '../../src/publish/plan-front.ts';
import type { FrontState } from '../../src/publish/types.ts';
import type { FrontSettings, PublishStep } from '../../src/publish-types.ts';
import { FUNCTION_ARN } from '../helpers/deployed.ts';
import { settingsOf } from '../helpers/publish-run.ts';

const IAM: UrlSettings = { auth: 'iam', mode: 'buffer', cors: null };
const PUBLIC: UrlSettings = { ...IAM, auth: 'none' };
const CORS = { origins: ['*'], methods: ['GET'], headers: ['content-type'] };
const NOTHING: FrontState = { url: null, permissions: [], httpApi: null };
const API = { id: 'abc', name: 'classify', url: 'https://abc', tags: {} };
const HTTP = { routes: ['GET /predict'], cors: null };

const there = (settings: UrlSettings): DeployedUrl => ({ ...settings, url: 'https://classify' });

function plan(
  state: Partial<FrontState>,
  front: Partial<FrontSettings>,
  arn: string | null = FUNCTION_ARN,
): readonly PublishStep[] {
  const settings = { ...settingsOf({ files: {} }), front: { url: null, httpApi: null, ...front } };
  return planFront({ ...NOTHING, ...state }, arn, settings);
}

test('nothing is asked for, and what is there stays', () => {
  assert.equal(plan({ url: there(PUBLIC), permissions: URL_PERMISSIONS }, {}), []);
});

test('a URL for callers that IAM knows needs no statement', () => {
  assert.equal(plan({}, { url: IAM }), [{ kind: 'url', settings: IAM, change: 'create', lacks: [] }]);
  assert.equal(plan({ url: there(IAM) }, { url: IAM }), []);
});

test('a public URL needs both statements', () => {
  const lacks = ['lambda-slim-url', 'lambda-slim-url-invoke'];
  assert.equal(plan({}, { url: PUBLIC }), [{ kind: 'url', settings: PUBLIC, change: 'create', lacks }]);
  assert.equal(plan({ url: there(PUBLIC), permissions: URL_PERMISSIONS }, { url: PUBLIC }), []);
  assert.equal(plan({ url: there(PUBLIC), permissions: URL_PERMISSIONS.slice(0, 1) }, { url: PUBLIC }), [
    { kind: 'url', settings: PUBLIC, change: null, lacks: lacks.slice(1) },
  ]);
});

test('statements of other tools count by what they allow', () => {
  const named = URL_PERMISSIONS.map((permission): Permission => ({ ...permission, id: 'FunctionURLAllow' }));
  assert.equal(plan({ url: there(PUBLIC), permissions: named }, { url: PUBLIC }), []);
  const narrower = named.map((permission): Permission => ({ ...permission, principal: '123456789012' }));
  assert.is(plan({ url: there(PUBLIC), permissions: narrower }, { url: PUBLIC }).length, 1);
});

test('a URL that differs is changed; CORS that nobody speaks of stays', () => {
  const url = there({ ...IAM, cors: CORS });
  assert.equal(plan({ url }, { url: IAM }), []);
  const stream: UrlSettings = { ...IAM, mode: 'stream' };
  assert.equal(plan({ url }, { url: stream }), [
    { kind: 'url', settings: stream, change: 'update', lacks: [] },
  ]);
  const other: UrlSettings = { ...IAM, cors: { ...CORS, methods: ['POST'] } };
  assert.equal(plan({ url }, { url: other }), [
    { kind: 'url', settings: other, change: 'update', lacks: [] },
  ]);
});

test('an open URL is not closed by the way, and a closed one is opened when it is said', () => {
  try {
    plan({ url: there(PUBLIC) }, { url: IAM });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, SlimError);
    assert.is((error as SlimError).code, 'URL_IS_PUBLIC');
  }
  const [step] = plan({ url: there(IAM) }, { url: PUBLIC });
  assert.is(step?.kind === 'url' && step.change, 'update');
});

test('an HTTP API that is there lacks only what it lacks', () => {
  const permissions = [httpApiPermission(FUNCTION_ARN, API.id)];
  assert.equal(plan({ httpApi: { api: API, missing: [] }, permissions }, { httpApi: HTTP }), []);
  assert.equal(plan({ httpApi: { api: API, missing: ['route GET /predict'] } }, { httpApi: HTTP }), [
    { kind: 'http-api', missing: ['route GET /predict', 'permission'] },
  ]);
  const others = [httpApiPermission(FUNCTION_ARN, 'other')];
  assert.equal(plan({ httpApi: { api: API, missing: [] }, permissions: others }, { httpApi: HTTP }), [
    { kind: 'http-api', missing: ['permission'] },
  ]);
});

test('for a new function all of the HTTP API is told', () => {
  assert.equal(plan({}, { httpApi: HTTP }, null), [
    {
      kind: 'http-api',
      missing: [
        'HTTP API classify',
        'integration with classify',
        'route GET /predict',
        'stage $default',
        'permission',
      ],
    },
  ]);
});

test('the statement of an HTTP API names it in the partition of the function', () => {
  const arn = 'arn:aws-cn:lambda:cn-north-1:123456789012:function:classify';
  assert.is(
    httpApiPermission(arn, 'abc').sourceArn,
    'arn:aws-cn:execute-api:cn-north-1:123456789012:abc/*/*',
  );
});

test.run();
