import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Permission, UrlSettings } from '../../../src/aws/types.ts';
import { withLambdaApi } from '../../helpers/lambda-api.ts';
import { rejects } from '../../helpers/rejects.ts';

const seed = { functions: { classify: { aliases: { live: '1' } } } };
const PLAIN: UrlSettings = { auth: 'iam', mode: 'buffer', cors: null };
const FULL: UrlSettings = {
  auth: 'none',
  mode: 'stream',
  cors: { origins: ['https://a.example'], methods: ['GET', 'POST'], headers: ['content-type'] },
};
const none = { principal: '*', sourceArn: null, urlAuth: null, viaUrl: false } as const;
const URL_PERMISSIONS: readonly Permission[] = [
  { ...none, id: 'url', action: 'lambda:InvokeFunctionUrl', urlAuth: 'none' },
  { ...none, id: 'via', action: 'lambda:InvokeFunction', viaUrl: true },
];
const API_PERMISSION: Permission = {
  ...none,
  id: 'api',
  action: 'lambda:InvokeFunction',
  principal: 'apigateway.amazonaws.com',
  sourceArn: 'arn:aws:execute-api:eu-west-1:123456789012:abc/*/*',
};

test('a URL is made, read and changed, on the function and on an alias', () =>
  withLambdaApi({ seed }, async ({ api }) => {
    for (const qualifier of [null, 'live']) {
      assert.is(await api.readUrl('classify', qualifier), null);
      const { url, ...made } = await api.createUrl('classify', qualifier, FULL);
      assert.match(url, /^https:\/\//);
      assert.equal(made, FULL);
      assert.equal(await api.readUrl('classify', qualifier), { url, ...FULL });
      assert.equal(await api.updateUrl('classify', qualifier, PLAIN), { url, ...PLAIN });
      assert.equal(await api.readUrl('classify', qualifier), { url, ...PLAIN });
    }
  }));

test('a URL that is there already is taken when it is as it should be', () =>
  withLambdaApi({ seed }, async ({ api }) => {
    const made = await api.createUrl('classify', null, FULL);
    assert.equal(await api.createUrl('classify', null, FULL), made);
    const error = await rejects(api.createUrl('classify', null, PLAIN), 'AWS_REFUSED');
    assert.match(error.message, 'FunctionUrlConfig exists');
  }));

test('permissions are given and told, on the function and on an alias', () =>
  withLambdaApi({ seed }, async ({ api }) => {
    for (const qualifier of [null, 'live']) {
      assert.equal(await api.listPermissions('classify', qualifier), []);
      const all = [...URL_PERMISSIONS, API_PERMISSION];
      for (const permission of all) await api.addPermission('classify', qualifier, permission);
      assert.equal(await api.listPermissions('classify', qualifier), all);
    }
  }));

test('a statement of the same name that allows something else stays', () =>
  withLambdaApi({ seed }, async ({ api }) => {
    await api.addPermission('classify', null, API_PERMISSION);
    await api.addPermission('classify', null, API_PERMISSION);
    const other = { ...API_PERMISSION, sourceArn: `${API_PERMISSION.sourceArn}/GET` };
    const error = await rejects(api.addPermission('classify', null, other), 'AWS_REFUSED');
    assert.match(error.message, 'already exists');
    assert.equal(await api.listPermissions('classify', null), [API_PERMISSION]);
  }));

test('a policy that may not be read is told', () =>
  withLambdaApi({ seed, denied: ['GetPolicy'] }, async ({ api }) => {
    const error = await rejects(api.listPermissions('classify', null), 'AWS_DENIED');
    assert.match(error.message, 'lambda:GetPolicy');
  }));

test.run();
