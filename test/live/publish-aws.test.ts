import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLambdaApi } from '../../src/aws/lambda/open-lambda-api.ts';
import type { CodeSource, LambdaApi } from '../../src/aws/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';
import { newFunction } from '../helpers/lambda-api.ts';
import { hasMoto, withMoto } from '../helpers/moto.ts';
import { rejects } from '../helpers/rejects.ts';

interface Opened {
  readonly api: LambdaApi;
  readonly role: string;
  /** Writes a zip with one file, and names it as code. */
  readonly pack: (content: string) => Promise<CodeSource>;
  /** Stores the same in a bucket with versions. */
  readonly store: (content: string) => Promise<CodeSource>;
}

const zip = (content: string): Buffer => zipOf({ 'index.mjs': content });
const shaOf = (content: string): string => createHash('sha256').update(zip(content)).digest('base64');

/** Lambda's API for an account of moto with a role and a bucket. */
function withAccount(use: (opened: Opened) => Promise<void>): Promise<void> {
  return withMoto(env =>
    withTempDir(async dir => {
      const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '' } = env;
      const credentials = { accessKeyId: 'AKIDMOTO', secretAccessKey: 'secret' };
      const config = { endpoint, region, credentials };
      const { Role } = await new IAM(config).createRole({ RoleName: 'r', AssumeRolePolicyDocument: '{}' });
      const s3 = new S3({ ...config, forcePathStyle: true });
      await s3.createBucket({
        Bucket: 'code',
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      });
      await s3.putBucketVersioning({ Bucket: 'code', VersioningConfiguration: { Status: 'Enabled' } });
      await use({
        api: await openLambdaApi(env, { signal: new AbortController().signal, pollMs: 5, waitMs: 10_000 }),
        role: Role?.Arn ?? '',
        async pack(content) {
          const path = join(dir, `${content}.zip`);
          await writeFile(path, zip(content));
          return { kind: 'file', path };
        },
        async store(content) {
          const put = await s3.putObject({ Bucket: 'code', Key: `${content}.zip`, Body: zip(content) });
          const version = put.VersionId ?? null;
          return {
            kind: 'object',
            object: { bucket: 'code', key: `${content}.zip`, version },
            storage: 'copy',
          };
        },
      });
    }),
  );
}

async function checkFunction({ api, role, pack, store }: Opened): Promise<void> {
  assert.is(await api.readFunction('classify'), null);
  const settings = { role, memoryMiB: 256, environment: { STAGE: 'prod' }, tags: { team: 'shop' } };
  const request = newFunction(await pack('first'), settings);
  const { arn } = await api.createFunction(request);
  assert.is((await api.createFunction(request)).arn, arn);
  await rejects(api.createFunction({ ...request, code: await pack('other') }), 'AWS_REFUSED');
  const found = await api.readFunction('classify');
  const { memoryMiB, environment, codeSha256, arch, runtime } = found?.configuration ?? {};
  assert.equal(
    [memoryMiB, environment, codeSha256, arch, runtime],
    [256, { STAGE: 'prod' }, shaOf('first'), 'x64', 'nodejs22.x'],
  );
  assert.equal(found?.tags, { team: 'shop' });
  await api.tag(arn, { cost: '1' });
  assert.equal((await api.readFunction('classify'))?.tags, { team: 'shop', cost: '1' });
  await api.updateCode('classify', await store('second'), 'x64');
  assert.is((await api.waitUntilReady('classify')).codeSha256, shaOf('second'));
  await api.updateConfiguration('classify', { memoryMiB: 512, timeoutSeconds: 20 });
  const changed = await api.waitUntilReady('classify');
  assert.equal([changed.memoryMiB, changed.timeoutSeconds, changed.handler], [512, 20, 'index.handler']);
}

async function checkRelease({ api, pack }: Opened): Promise<void> {
  const first = await api.publishVersion('classify', shaOf('second'), null);
  await api.updateCode('classify', await pack('third'), 'x64');
  const second = await api.publishVersion('classify', shaOf('third'), null);
  assert.equal([first.version, second.version], ['1', '2']);
  assert.equal(
    (await api.listVersions('classify')).map(({ version }) => version),
    ['1', '2'],
  );
  assert.is(await api.readAlias('classify', 'live'), null);
  const made = await api.createAlias('classify', {
    name: 'live',
    version: '1',
    description: '',
    extra: { version: '2', share: 0.1 },
  });
  assert.equal(made.extra, { version: '2', share: 0.1 });
  const moved = await api.updateAlias('classify', { ...made, version: '2', extra: null });
  assert.equal([moved.version, moved.extra], ['2', null]);
  assert.is((await api.readAlias('classify', 'live'))?.version, '2');
}

async function checkLayers({ api, pack }: Opened): Promise<void> {
  assert.equal(await api.listLayerVersions('deps'), []);
  const layer = { name: 'deps', license: 'MIT', runtimes: ['nodejs22.x'], archs: ['x64'] } as const;
  for (const content of ['a', 'b'])
    await api.publishLayer({ ...layer, description: content, code: await pack(content) });
  const [newest] = await api.listLayerVersions('deps');
  assert.equal([newest?.description, newest?.runtimes, newest?.archs], ['b', ['nodejs22.x'], ['x64']]);
  // Moto takes GetLayerVersionByArn for ListLayers.
  assert.is(await api.readLayerVersion(newest?.arn ?? ''), null);
  await api.updateConfiguration('classify', { layers: [newest?.arn ?? ''] });
  assert.equal(
    (await api.waitUntilReady('classify')).layers.map(({ arn }) => arn),
    [newest?.arn],
  );
  assert.ok((await api.listUsedLayers()).has(newest?.arn ?? ''));
  await api.deleteLayerVersion('deps', 1);
  assert.is((await api.listLayerVersions('deps')).length, 1);
  assert.is(await api.isLayerShared('deps', 2), false);
}

async function checkFront({ api }: Opened): Promise<void> {
  assert.is(await api.readUrl('classify', null), null);
  const cors = { origins: ['*'], methods: ['GET'], headers: ['content-type'] };
  const { url, ...made } = await api.createUrl('classify', null, { auth: 'none', mode: 'buffer', cors });
  assert.match(url, /^https:/);
  assert.equal(made, { auth: 'none', mode: 'buffer', cors });
  assert.is((await api.updateUrl('classify', null, { auth: 'iam', mode: 'buffer', cors: null })).auth, 'iam');
  const permission = {
    id: 'api',
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
    sourceArn: 'arn:aws:execute-api:eu-west-1:123456789012:abc/*/*',
    urlAuth: null,
    viaUrl: false,
  } as const;
  assert.equal(await api.listPermissions('classify', null), []);
  await api.addPermission('classify', null, permission);
  assert.equal(await api.listPermissions('classify', null), [permission]);
}

if (hasMoto()) {
  test('against moto: functions, versions, aliases, layers, URLs and permissions', () =>
    withAccount(async opened => {
      await checkFunction(opened);
      await checkRelease(opened);
      await checkLayers(opened);
      await checkFront(opened);
    }));
}

test.run();
