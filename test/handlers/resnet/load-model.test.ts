import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OpenUrl } from '../../../src/handlers/resnet/download.ts';
import { loadModel } from '../../../src/handlers/resnet/load-model.ts';
import { findModelSource } from '../../../src/handlers/resnet/model-source.ts';
import { createOpenUrl } from '../../../src/handlers/resnet/open-url.ts';
import { CREDENTIALS, s3Server } from './s3-server.ts';
import { MODEL_DIR } from './samples.ts';
import { serve } from './serve.ts';

const MODEL = Buffer.from('the bytes of a model');
const KEY = '/my.bucket/models/a b+c(1)/';

async function readModelJson(change: object = {}): Promise<Buffer> {
  const model = JSON.parse(await readFile(join(MODEL_DIR, 'model.json'), 'utf8'));
  return Buffer.from(JSON.stringify({ ...model, sha256: sha256(MODEL), ...change }));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function withDir<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'resnet-test-'));
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 5);
  yield bytes.subarray(5);
}

/** What lies behind addresses, by the end of their path; counts what is asked for. */
function files(content: Readonly<Record<string, Uint8Array>>) {
  const asked: string[] = [];
  const open: OpenUrl = async url => {
    asked.push(url.href);
    const bytes = content[url.pathname.split('/').at(-1) ?? ''];
    if (!bytes) throw new Error(`${url} is not there`);
    return stream(bytes);
  };
  return { open, asked };
}

function remote(modelJson: Uint8Array) {
  return findModelSource({ MODEL_URL: 'https://models.example/v1', MODEL_SHA256: sha256(modelJson) }, '');
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

test('a folder is read where it is', async () => {
  const { spec, path } = await loadModel({ kind: 'folder', dir: MODEL_DIR }, files({}).open, '/nowhere');
  assert.is(path, join(MODEL_DIR, 'resnet20-fashion.onnx'));
  assert.is(sha256(await readFile(path)), spec.sha256);
});

test('a model from https is saved under its sha256, and not fetched again', async () => {
  const modelJson = await readModelJson();
  const { open, asked } = files({ 'model.json': modelJson, 'resnet20-fashion.onnx': MODEL });
  await withDir(async dir => {
    const { path } = await loadModel(remote(modelJson), open, dir);
    assert.is(path, join(dir, `${sha256(MODEL)}.onnx`));
    assert.equal(await readFile(path), MODEL);
    assert.equal(await readdir(dir), [`${sha256(MODEL)}.onnx`]);
    await loadModel(remote(modelJson), open, dir);
  });
  assert.equal(asked, [
    'https://models.example/v1/model.json',
    'https://models.example/v1/resnet20-fashion.onnx',
    'https://models.example/v1/model.json',
  ]);
});

test('a damaged file in /tmp is fetched anew', async () => {
  const modelJson = await readModelJson();
  const { open } = files({ 'model.json': modelJson, 'resnet20-fashion.onnx': MODEL });
  await withDir(async dir => {
    await writeFile(join(dir, `${sha256(MODEL)}.onnx`), 'damaged');
    const { path } = await loadModel(remote(modelJson), open, dir);
    assert.equal(await readFile(path), MODEL);
  });
});

test('another model.json than the one that was meant is refused', async () => {
  const { open } = files({
    'model.json': await readModelJson({ name: 'other' }),
    'resnet20-fashion.onnx': MODEL,
  });
  const source = remote(await readModelJson());
  await withDir(async dir => {
    assert.match(await messageOf(loadModel(source, open, dir)), /^model\.json has the sha256/);
  });
});

test('another model than the one that was meant is refused and leaves nothing', async () => {
  const modelJson = await readModelJson();
  const { open } = files({ 'model.json': modelJson, 'resnet20-fashion.onnx': Buffer.from('another') });
  await withDir(async dir => {
    assert.match(await messageOf(loadModel(remote(modelJson), open, dir)), /^The model has the sha256/);
    assert.equal(await readdir(dir), []);
  });
});

test('a download that breaks off leaves nothing', async () => {
  const modelJson = await readModelJson();
  const open: OpenUrl = async url => (url.pathname.endsWith('.json') ? stream(modelJson) : breakOff());
  await withDir(async dir => {
    assert.is(await messageOf(loadModel(remote(modelJson), open, dir)), 'the line went dead');
    assert.equal(await readdir(dir), []);
  });
});

async function* breakOff(): AsyncGenerator<Uint8Array> {
  yield MODEL.subarray(0, 5);
  throw new Error('the line went dead');
}

test('a model.json without the sha256 of its model, or of more than 1 MiB, is refused', async () => {
  const bare = await readModelJson({ sha256: undefined });
  assert.match(
    await messageOf(loadModel(remote(bare), files({ 'model.json': bare }).open, '/nowhere')),
    /needs its "sha256"/,
  );
  const huge = await readModelJson({ comment: 'x'.repeat(1024 * 1024) });
  assert.match(
    await messageOf(loadModel(remote(huge), files({ 'model.json': huge }).open, '/nowhere')),
    /larger than/,
  );
});

test('a model from S3: signed, found under a key with odd characters, and in the region of its bucket', async () => {
  const objects = { [`${KEY}model.json`]: await readModelJson(), [`${KEY}resnet20-fashion.onnx`]: MODEL };
  const source = findModelSource({ MODEL_URL: 's3://my.bucket/models/a b+c(1)' }, '');
  await serve(s3Server(objects, 'eu-central-1'), origin =>
    withDir(async dir => {
      for (const AWS_REGION of ['eu-central-1', 'us-west-2']) {
        const env = { ...CREDENTIALS, AWS_REGION, AWS_ENDPOINT_URL_S3: `${origin}/` };
        const { path } = await loadModel(source, createOpenUrl(env), dir);
        assert.equal(await readFile(path), MODEL);
      }
    }),
  );
});

test('S3 says no: the error names the address, the status and the reason', async () => {
  const source = findModelSource({ MODEL_URL: 's3://bucket/none' }, '');
  await serve(s3Server({}, 'us-east-1'), async origin => {
    const env = { ...CREDENTIALS, AWS_ENDPOINT_URL: origin };
    const missing = await messageOf(loadModel(source, createOpenUrl(env), '/nowhere'));
    assert.is(missing, 's3://bucket/none/model.json answers with status 404 (NoSuchKey).');
    const wrong = createOpenUrl({ ...env, AWS_SECRET_ACCESS_KEY: 'wrong' });
    assert.match(await messageOf(loadModel(source, wrong, '/nowhere')), /403 \(SignatureDoesNotMatch\)/);
    const none = createOpenUrl({ AWS_ENDPOINT_URL: origin });
    assert.match(await messageOf(loadModel(source, none, '/nowhere')), /needs AWS_ACCESS_KEY_ID/);
  });
});

test.run();
