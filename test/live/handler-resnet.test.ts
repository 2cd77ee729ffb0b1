import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exec } from '../../src/util/exec.ts';
import { CREDENTIALS, s3Server } from '../handlers/resnet/s3-server.ts';
import { readEvent } from '../handlers/resnet/samples.ts';
import { serve } from '../handlers/resnet/serve.ts';

const SOURCE_DIR = join(process.cwd(), 'src/handlers/resnet');

/** Pictures were made small by Pillow for expected.json and are by libvips here. */
const TOLERANCE = 0.02;

interface Answer {
  readonly predictions: readonly { readonly label: string; readonly probability: number }[];
}

const test = suite('the bundled function, whole');
let dir = '';

test.before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'resnet-live-'));
  await cp(SOURCE_DIR, dir, { recursive: true });
  await exec('npm', ['ci', '--ignore-scripts', '--omit=dev'], { cwd: dir });
  await build({
    entryPoints: [join(dir, 'index.ts')],
    outfile: join(dir, 'index.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['sharp', 'onnxruntime-node'],
    logLevel: 'silent',
  });
});

test.after(() => rm(dir, { recursive: true, force: true }));

/** Answers events in a Node process of its own, one after the other, as a sandbox would. */
async function ask<T>(
  events: readonly unknown[],
  settings: Readonly<Record<string, string>> = {},
): Promise<T[]> {
  const script = `
    const { handler } = await import('./index.mjs');
    const answers = [];
    for (const event of JSON.parse((await process.stdin.toArray()).join(''))) {
      answers.push(await handler(event).catch(error => ({ thrown: error.name })));
    }
    console.log(JSON.stringify(answers));`;
  const { stdout } = await exec(process.execPath, ['--input-type=module', '-e', script], {
    cwd: dir,
    env: { ...process.env, ...settings },
    input: JSON.stringify(events),
  });
  return JSON.parse(stdout);
}

async function readExpected(): Promise<readonly (readonly [string, Answer['predictions']])[]> {
  return Object.entries(JSON.parse(await readFile(join(SOURCE_DIR, 'samples/expected.json'), 'utf8')));
}

async function readPictures(): Promise<readonly { readonly image: string }[]> {
  const files = (await readExpected()).map(([name]) => readFile(join(SOURCE_DIR, name), 'base64'));
  return (await Promise.all(files)).map(image => ({ image }));
}

/** Asks for all samples and compares labels, their order at the top, and probabilities. */
async function checkSamples(settings: Readonly<Record<string, string>>): Promise<void> {
  const answers = await ask<Answer>(await readPictures(), settings);
  for (const [index, [name, expected]] of (await readExpected()).entries()) {
    const found = answers[index]?.predictions ?? [];
    assert.is(found.length, 3, name);
    assert.is(found[0]?.label, expected[0]?.label, name);
    for (const { label, probability } of expected) {
      const other = found.find(prediction => prediction.label === label)?.probability ?? 0;
      assert.ok(
        Math.abs(other - probability) <= TOLERANCE,
        `${name}: ${label} ${probability}, found ${other}`,
      );
    }
  }
}

test('the samples get their labels and probabilities', () => checkSamples({}));

test('every kind of event with a picture gets the same answer', async () => {
  const names = ['rest-v1-post-image', 'rest-v1-post-json', 'http-v2-post-image', 'http-v2-post-form'];
  const urls = ['function-url-post-image', 'function-url-post-json-base64'];
  const events = await Promise.all([...names, ...urls].map(readEvent));
  const [plain] = await ask<Answer>([await readEvent('invoke-image')]);
  assert.is(plain?.predictions[0]?.label, 'Ankle boot');
  for (const { statusCode, body } of await ask<{ statusCode: number; body: string }>(events)) {
    assert.is(statusCode, 200);
    assert.equal(JSON.parse(body), plain);
  }
});

test('bad input throws in a plain invocation, and the next event is answered', async () => {
  const [picture] = await readPictures();
  const [thrown, answered] = await ask([{ url: 'http://localhost/' }, picture]);
  assert.equal(thrown, { thrown: 'URL_FORBIDDEN' });
  assert.is((answered as Answer).predictions.length, 3);
});

/** Puts the model with another model.json into a folder of the test. */
async function makeModelDir(name: string, change: object): Promise<string> {
  const modelDir = join(dir, name);
  await cp(join(SOURCE_DIR, 'model'), modelDir, { recursive: true });
  const model = JSON.parse(await readFile(join(modelDir, 'model.json'), 'utf8'));
  await writeFile(join(modelDir, 'model.json'), JSON.stringify({ ...model, ...change }));
  return modelDir;
}

test('MODEL_DIR gives another model', async () => {
  const labels = Array.from({ length: 10 }, (_, index) => `class ${index}`);
  const MODEL_DIR = await makeModelDir('mounted', { labels });
  const [answer] = await ask<Answer>([await readEvent('invoke-image')], { MODEL_DIR });
  assert.is(answer?.predictions[0]?.label, 'class 9');
});

test('a model.json that does not fit its model is a fault of ours, told in the log', async () => {
  const event = await readEvent('http-v2-post-image');
  const input = { ...(await readModelJson()).input, name: 'data' };
  for (const change of [{ labels: ['a', 'b'] }, { input }]) {
    const MODEL_DIR = await makeModelDir('misfit', change);
    const [answer] = await ask<{ statusCode: number; body: string }>([event], { MODEL_DIR });
    assert.is(answer?.statusCode, 500);
    assert.is(JSON.parse(answer?.body ?? '{}').error.code, 'INTERNAL');
  }
});

async function readModelJson(): Promise<{ readonly input: object; readonly file: string }> {
  return JSON.parse(await readFile(join(SOURCE_DIR, 'model/model.json'), 'utf8'));
}

/** Settings for a model in S3, with a /tmp of its own. */
async function s3Settings(endpoint: string, name: string): Promise<Record<string, string>> {
  const TMPDIR = await mkdtemp(join(dir, name));
  return {
    ...CREDENTIALS,
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: endpoint,
    MODEL_URL: 's3://models/resnet',
    TMPDIR,
  };
}

async function readModelFiles(): Promise<readonly (readonly [string, Buffer])[]> {
  const names = ['model.json', (await readModelJson()).file];
  return Promise.all(
    names.map(async name => [name, await readFile(join(SOURCE_DIR, 'model', name))] as const),
  );
}

test('MODEL_URL gives the model from S3, by signed requests', async () => {
  const files = (await readModelFiles()).map(([name, bytes]) => [`/models/resnet/${name}`, bytes] as const);
  await serve(s3Server(Object.fromEntries(files), 'eu-west-1'), async origin => {
    await checkSamples(await s3Settings(origin, 's3-'));
  });
});

const testWithMoto = (await hasMoto()) ? test : test.skip;

testWithMoto('MODEL_URL gives the model from moto, where moto is installed', async () => {
  await withMoto(async endpoint => {
    const client = new S3Client({
      endpoint,
      region: 'eu-west-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    await client.send(new CreateBucketCommand({ Bucket: 'models', CreateBucketConfiguration }));
    for (const [name, Body] of await readModelFiles()) {
      await client.send(new PutObjectCommand({ Bucket: 'models', Key: `resnet/${name}`, Body }));
    }
    client.destroy();
    await checkSamples(await s3Settings(endpoint, 'moto-'));
  });
});

async function hasMoto(): Promise<boolean> {
  return exec('python3', ['-c', 'import moto.server'], { cwd: tmpdir() }).then(
    () => true,
    () => false,
  );
}

async function withMoto(use: (endpoint: string) => Promise<void>): Promise<void> {
  const port = await findFreePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  const moto = spawn('python3', args, { cwd: dir, stdio: 'ignore' });
  try {
    await waitFor(endpoint);
    await use(endpoint);
  } finally {
    moto.kill();
    await once(moto, 'exit');
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function waitFor(url: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    if (await fetch(url).catch(() => null)) return;
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  throw new Error(`${url} did not come up`);
}

test.run();
