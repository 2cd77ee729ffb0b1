import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLambdaApi } from '../../../src/aws/lambda/open-lambda-api.ts';
import { zipOf } from '../../helpers/aws-stub/zip-of.ts';
import { ARN, newFunction, operationsOf, ROLE, withLambdaApi } from '../../helpers/lambda-api.ts';
import { rejects } from '../../helpers/rejects.ts';

const ZIP = zipOf({ 'index.mjs': 'first' });
const shaOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');
const VPC = { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };
const seed = { functions: { classify: { zip: ZIP } } };

test('what is not there is null', () =>
  withLambdaApi({}, async ({ api }) => {
    assert.is(await api.readFunction('classify'), null);
    assert.is(await api.readConfiguration('classify', 'live'), null);
    await rejects(api.updateConfiguration('classify', { memoryMiB: 512 }), 'AWS_NOT_FOUND');
    await rejects(api.waitUntilReady('classify'), 'AWS_NOT_FOUND');
  }));

test('a new function has all that was said of it', () =>
  withLambdaApi({ seed: { layers: { deps: [{}] } } }, async ({ api, pack }) => {
    const layer = 'arn:aws:lambda:eu-west-1:123456789012:layer:deps:1';
    const request = newFunction(await pack({ 'index.mjs': 'x' }), {
      arch: 'arm64',
      description: 'clothes',
      memoryMiB: 1024,
      timeoutSeconds: 30,
      tmpMiB: 1024,
      environment: { STAGE: 'prod' },
      layers: [layer],
      vpc: VPC,
      tags: { team: 'shop' },
    });
    const { name, arn } = await api.createFunction(request);
    assert.equal([name, arn], ['classify', ARN]);
    const ready = await api.waitUntilReady('classify');
    const found = await api.readFunction('classify');
    assert.equal(found?.tags, { team: 'shop' });
    const { codeBytes, codeSha256, revisionId, layers, ...rest } = ready;
    assert.ok(codeBytes > 100 && codeSha256.length === 44 && revisionId.length > 0);
    assert.equal(
      layers.map(one => one.arn),
      [layer],
    );
    assert.equal(rest, {
      name: 'classify',
      arn: ARN,
      version: '$LATEST',
      packageType: 'Zip',
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      arch: 'arm64',
      role: ROLE,
      description: 'clothes',
      memoryMiB: 1024,
      timeoutSeconds: 30,
      tmpMiB: 1024,
      environment: { STAGE: 'prod' },
      vpc: VPC,
      vpcId: 'vpc-1',
      fileSystem: null,
      snapStart: false,
      failure: null,
    });
  }));

test('what is not said of a new function is as Lambda makes it', () =>
  withLambdaApi({}, async ({ api, pack }) => {
    await api.createFunction(newFunction(await pack({ 'index.mjs': 'x' })));
    const { memoryMiB, timeoutSeconds, tmpMiB, environment, vpc, layers, arch } =
      await api.waitUntilReady('classify');
    assert.equal(
      [memoryMiB, timeoutSeconds, tmpMiB, environment, vpc, layers, arch],
      [128, 3, 512, {}, null, [], 'x64'],
    );
  }));

test('a role that was made a moment ago is waited for, and one that Lambda may not use is explained', async () => {
  await withLambdaApi({}, async ({ api, stub, pack }) => {
    const role = stub.state.roles.get('lambda-role');
    if (role) role.refusals = 2;
    await api.createFunction(newFunction(await pack({ 'index.mjs': 'x' })));
    assert.equal(operationsOf(stub), ['CreateFunction', 'CreateFunction', 'CreateFunction']);
    await api.waitUntilReady('classify');
    if (role) role.refusals = 1;
    await api.updateConfiguration('classify', { role: ROLE });
  });
  await withLambdaApi(
    {},
    async ({ api, pack }) => {
      const request = newFunction(await pack({ 'index.mjs': 'x' }), { role: `${ROLE}-gone` });
      const error = await rejects(api.createFunction(request), 'AWS_REFUSED');
      assert.match(error.message, 'cannot be assumed by Lambda');
      assert.match(error.hint, '--create-role');
    },
    { waitMs: 50 },
  );
});

test('a name that is taken by other code is refused, by the same code is not', () =>
  withLambdaApi({ seed }, async ({ api, pack }) => {
    const error = await rejects(
      api.createFunction(newFunction(await pack({ 'index.mjs': 'other' }))),
      'AWS_REFUSED',
    );
    assert.match(error.message, 'Function already exist');
    const same = await api.createFunction(newFunction(await pack({ 'index.mjs': 'first' })));
    assert.is(same.codeSha256, shaOf(ZIP));
  }));

test('code comes from a file, or from an object that is copied or left where it is', async () => {
  const next = zipOf({ 'index.mjs': 'next' });
  const key = `lambda-slim/${createHash('sha256').update(next).digest('hex')}.zip`;
  const buckets = { code: { versioned: true, objects: { [key]: next } } };
  await withLambdaApi({ seed: { ...seed, buckets } }, async ({ api, stub, pack }) => {
    const fn = stub.state.functions.get('classify');
    const updated = await api.updateCode('classify', await pack({ 'index.mjs': 'second' }), 'arm64');
    assert.is(updated.arch, 'arm64');
    assert.is(fn?.latest.code.sha256, shaOf(zipOf({ 'index.mjs': 'second' })));
    const version = stub.state.buckets.get('code')?.objects.get(key)?.at(-1)?.version ?? null;
    const object = { bucket: 'code', key, version };
    await api.updateCode('classify', { kind: 'object', object, storage: 'copy' }, 'x64');
    assert.equal([fn?.latest.code.sha256, fn?.latest.code.storage], [shaOf(next), 'copy']);
    await api.updateCode('classify', { kind: 'object', object, storage: 'reference' }, 'x64');
    assert.is(fn?.latest.code.storage, 'reference');
    // Our keys tell the content, so that a lost answer can be told from another function.
    const again = { kind: 'object', object, storage: 'copy' } as const;
    assert.is((await api.createFunction(newFunction(again))).codeSha256, shaOf(next));
  });
});

test('a file that is not there is an error of the house', () =>
  withLambdaApi({ seed }, async ({ api, stub }) => {
    const code = { kind: 'file', path: '/nowhere/classify.zip' } as const;
    await rejects(api.updateCode('classify', code, 'x64'), 'FILE_UNREADABLE');
    assert.equal(stub.requests, []);
  }));

test('only what is named is changed', () => {
  const settings = {
    MemorySize: 256,
    Description: 'old',
    Environment: { Variables: { A1: 'x' } },
    Timeout: 9,
  };
  return withLambdaApi({ seed: { functions: { classify: { settings } } } }, async ({ api }) => {
    await api.updateConfiguration('classify', { memoryMiB: 512, vpc: VPC });
    const { memoryMiB, description, environment, timeoutSeconds, vpc } = await api.waitUntilReady('classify');
    assert.equal(
      [memoryMiB, description, environment, timeoutSeconds, vpc],
      [512, 'old', { A1: 'x' }, 9, VPC],
    );
    await api.updateConfiguration('classify', { description: '', environment: {} });
    const after = await api.waitUntilReady('classify');
    assert.equal([after.memoryMiB, after.description, after.environment], [512, '', {}]);
  });
});

test('one update waits for the other', () =>
  withLambdaApi({ seed, updateLooks: 3 }, async ({ api, stub, pack }) => {
    await api.updateCode('classify', await pack({ 'index.mjs': 'second' }), 'x64');
    await api.updateConfiguration('classify', { memoryMiB: 512 });
    await api.tag(ARN, { team: 'shop' });
    assert.is((await api.waitUntilReady('classify')).memoryMiB, 512);
    assert.equal((await api.readFunction('classify'))?.tags, { team: 'shop' });
    const statuses = stub.requests.filter(({ operation }) => operation === 'UpdateFunctionConfiguration');
    assert.equal(
      statuses.map(({ status }) => status),
      [409, 200],
    );
  }));

test('an update that never ends is given up', () =>
  withLambdaApi(
    { seed, updateLooks: 1_000_000 },
    async ({ api, pack }) => {
      await api.updateCode('classify', await pack({ 'index.mjs': 'second' }), 'x64');
      const error = await rejects(
        api.updateConfiguration('classify', { memoryMiB: 512 }),
        'FUNCTION_NOT_READY',
      );
      assert.match(error.message, 'lasts longer than');
    },
    { waitMs: 60 },
  ));

test('an update that fails says why, and what to do where that is known', () =>
  withLambdaApi({ seed }, async ({ api, stub }) => {
    const fn = stub.state.functions.get('classify');
    if (fn)
      fn.failure =
        'The provided execution role does not have permissions to call CreateNetworkInterface on EC2';
    await api.updateConfiguration('classify', { memoryMiB: 512 });
    const error = await rejects(api.waitUntilReady('classify'), 'FUNCTION_NOT_READY');
    assert.match(error.message, 'CreateNetworkInterface');
    assert.match(error.hint, 'AWSLambdaVPCAccessExecutionRole');
  }));

test('what may not be seen is null', async () => {
  const functions = {
    classify: { hidesVariables: true, settings: { Environment: { Variables: { A1: 'x' } } } },
  };
  await withLambdaApi({ seed: { functions }, denied: ['ListTags'] }, async ({ api }) => {
    const found = await api.readFunction('classify');
    assert.is(found?.tags, null);
    assert.is(found?.configuration.environment, null);
  });
  await withLambdaApi({ seed, denied: ['GetFunction'] }, async ({ api }) => {
    await rejects(api.readFunction('classify'), 'AWS_DENIED');
  });
});

test('the code can be read back', () =>
  withLambdaApi({ seed }, async ({ api }) => {
    const { codeUrl } = (await api.readFunction('classify')) ?? {};
    const response = await fetch(codeUrl ?? '');
    assert.equal(Buffer.from(await response.arrayBuffer()), ZIP);
  }));

test('values of variables are never told, however AWS refuses them', () =>
  withLambdaApi({ seed }, async ({ api }) => {
    const secret = 'hunter2';
    const refused = [{ BIG: secret.repeat(600) }, { 'NO-NAME': secret }, { AWS_REGION: secret }];
    for (const environment of refused) {
      const error = await rejects(api.updateConfiguration('classify', { environment }), 'AWS_REFUSED');
      const told = [error.message, error.hint, error.stack, (error.cause as Error).stack].join('\n');
      assert.not.match(told, secret);
      assert.match(error.message, 'environment');
    }
  }));

test('other credentials are refused', () =>
  withLambdaApi({ seed }, async ({ stub }) => {
    const { signal } = new AbortController();
    const other = await openLambdaApi({ ...stub.env, AWS_ACCESS_KEY_ID: 'AKIDOTHER' }, { signal });
    await rejects(other.readFunction('classify'), 'AWS_CREDENTIALS');
  }));

test('what is cancelled asks for nothing more', () =>
  withLambdaApi({ seed, updateLooks: 1_000_000 }, async ({ api, stub, cancel, pack }) => {
    await api.updateCode('classify', await pack({ 'index.mjs': 'second' }), 'x64');
    const waiting = api.waitUntilReady('classify');
    setTimeout(cancel, 20);
    await rejects(waiting, 'CANCELLED');
    const asked = stub.requests.length;
    await rejects(api.readFunction('classify'), 'CANCELLED');
    await rejects(api.updateConfiguration('classify', { memoryMiB: 512 }), 'CANCELLED');
    assert.is(stub.requests.length, asked);
  }));

test.run();
