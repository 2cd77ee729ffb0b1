import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openAccount } from '../../src/aws/open-account.ts';
import { PART_BYTES } from '../../src/aws/s3/file-parts.ts';
import type { Account } from '../../src/aws/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { hasMoto, withMoto } from '../helpers/moto.ts';
import { rejects } from '../helpers/rejects.ts';

type Env = Readonly<Record<string, string>>;

const open = (env: Env, signal = new AbortController().signal): Promise<Account> =>
  openAccount(env, { signal });

const toConfig = (env: Env) => ({
  endpoint: env.AWS_ENDPOINT_URL ?? '',
  region: env.AWS_REGION ?? '',
  credentials: { accessKeyId: 'AKIDMOTO', secretAccessKey: 'secret' },
});

async function openBucket(env: Env): Promise<S3> {
  const s3 = new S3({ ...toConfig(env), forcePathStyle: true });
  await s3.createBucket({ Bucket: 'code', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
  await s3.putBucketVersioning({ Bucket: 'code', VersioningConfiguration: { Status: 'Enabled' } });
  return s3;
}

async function checkObjects(env: Env): Promise<void> {
  const s3 = await openBucket(env);
  const account = await open(env);
  for (const size of [1000, 2 * PART_BYTES + 77])
    await withTempDir(async dir => {
      const bytes = randomBytes(size);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const [key, path] = [`lambda-slim/${sha256}.zip`, join(dir, 'function.zip')];
      await writeFile(path, bytes);
      const find = () => account.objects.find('code', key, { bytes: size, sha256 });
      assert.is(await find(), null);
      if (size > PART_BYTES) await breakOff(env, key, path, sha256);
      let told = 0;
      const onBytes = (more: number) => {
        told += more;
      };
      const sent = await account.objects.upload('code', key, path, { sha256, onBytes });
      assert.is(told, size);
      assert.equal(await find(), sent);
      const stored = await s3.getObject({ Bucket: 'code', Key: key, VersionId: sent.version ?? '' });
      assert.ok(bytes.equals((await stored.Body?.transformToByteArray()) ?? Buffer.alloc(0)));
      const left = await s3.listMultipartUploads({ Bucket: 'code' });
      assert.equal(left.Uploads ?? [], []);
    });
  await rejects(account.objects.find('none', 'k', { bytes: 1, sha256: '00' }), 'BUCKET_MISSING');
}

/** Ctrl-C after the first part. */
async function breakOff(env: Env, key: string, path: string, sha256: string): Promise<void> {
  const controller = new AbortController();
  const { objects } = await open(env, controller.signal);
  const onBytes = () => controller.abort();
  await rejects(objects.upload('code', key, path, { sha256, onBytes }), 'UPLOAD_INCOMPLETE');
}

async function checkRoles(env: Env): Promise<void> {
  const { roles } = await open(env);
  const needs = { functionName: 'classify', vpc: true, accessPoint: null };
  assert.is(await roles.find('classify-lambda-slim'), null);
  const arn = await roles.create('classify-lambda-slim', needs);
  assert.is(await roles.create('classify-lambda-slim', needs), arn);
  assert.is(await roles.find('classify-lambda-slim'), arn);
  const iam = new IAM(toConfig(env));
  const { PolicyDocument = '' } = await iam.getRolePolicy({
    RoleName: 'classify-lambda-slim',
    PolicyName: 'lambda-slim-eu-west-1',
  });
  assert.match(decodeURIComponent(PolicyDocument), 'log-group:/aws/lambda/classify:*');
  await iam.createRole({ RoleName: 'theirs', AssumeRolePolicyDocument: '{}' });
  await rejects(roles.create('theirs', needs), 'ROLE_TAKEN');
}

async function checkHttpApis(env: Env): Promise<void> {
  const { httpApis } = await open(env);
  const wanted = {
    name: 'classify',
    target: 'arn:aws:lambda:eu-west-1:123456789012:function:classify:live',
    routes: ['GET /predict', 'POST /predict'],
    cors: { origins: ['*'], methods: ['POST'], headers: ['content-type'] },
  };
  assert.is((await httpApis.inspect(wanted)).api, null);
  const api = await httpApis.complete(wanted);
  assert.equal(await httpApis.inspect(wanted), { api, missing: [] });
  assert.match(api.url, /^https:\/\/\w+\.execute-api\.eu-west-1\./);
  const more = { ...wanted, routes: [...wanted.routes, '$default'] };
  assert.equal((await httpApis.inspect(more)).missing, ['route $default']);
  assert.is((await httpApis.complete(more)).id, api.id);
  assert.equal((await httpApis.inspect(more)).missing, []);
}

if (hasMoto())
  test('against moto: objects, roles and HTTP APIs are made, found, and made only once', () =>
    withMoto(async env => {
      await checkObjects(env);
      await checkRoles(env);
      await checkHttpApis(env);
    }));

test.run();
