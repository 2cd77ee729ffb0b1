import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type BuiltModel, buildModelOfFunction, type ServingOptions } from '../../src/build-sagemaker.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { findPythonWith, listPythons } from '../handlers/python/run-python.ts';
import { makeContext } from '../helpers/project.ts';

const SAMPLES = join(process.cwd(), 'src/handlers/resnet/samples');
const CONTAINER = join(process.cwd(), 'test/helpers/sagemaker_container.py');
const MODEL_SERVER = join(process.cwd(), 'test/helpers/sagemaker_model_server.py');

const OPTIONS: ServingOptions = {
  framework: null,
  version: null,
  level: 'fast',
  model: 'model',
  call: 'http',
  serving: 'serving.py',
};

interface Request {
  readonly contentType: string;
  readonly accept: string;
  /** Base64. */
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Builds the archive of a bundled function twice, which has to give the same bytes, and unpacks it as SageMaker does. */
async function unpack(name: string, version: string, dir: string): Promise<string> {
  const config = await loadConfig(process.cwd(), { function: [name] }, process.env);
  const [fn] = config.functions;
  assert.ok(fn);
  const work = join(dir, 'work');
  await mkdir(work, { recursive: true });
  const context = makeContext(work, { cacheDir: join(dir, 'cache') });
  const build = (file: string): Promise<BuiltModel> =>
    buildModelOfFunction(fn, { ...OPTIONS, version }, join(dir, file), context);
  const built = await build('a.model.tar.gz');
  assert.equal(built.findings.filter(({ level }) => level === 'error').length, 0);
  assert.is((await build('b.model.tar.gz')).artifact.sha256, built.artifact.sha256);
  const root = join(dir, 'unpacked');
  await mkdir(root);
  assert.is(spawnSync('tar', ['-xzf', built.artifact.path, '-C', root]).status, 0);
  return root;
}

async function readRequests(): Promise<readonly Request[]> {
  const read = async (name: string): Promise<string> =>
    (await readFile(join(SAMPLES, name))).toString('base64');
  const json = { image: await read('bag.jpg') };
  const accept = 'application/json';
  return [
    { contentType: 'image/jpeg', accept, body: await read('ankle-boot.jpg') },
    { contentType: 'application/x-image', accept, body: await read('trouser-white.jpg') },
    { contentType: 'application/json', accept, body: Buffer.from(JSON.stringify(json)).toString('base64') },
    { contentType: 'application/json', accept, body: Buffer.from('{"no":1}').toString('base64') },
  ];
}

/** Runs the code as the container would, in one process for all requests. */
async function ask(python: string, args: readonly string[]): Promise<readonly Answer[]> {
  const input = JSON.stringify(await readRequests());
  // Only what is in the archive, and what the image would have.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, PYTHONDONTWRITEBYTECODE: '1' };
  const { stdout } = await exec(python, [CONTAINER, ...args], { cwd: '/', env, input });
  const answers = JSON.parse(stdout) as readonly (Omit<Answer, 'text'> & { readonly body: string })[];
  return answers.map(({ status, contentType, body }) => ({
    status,
    contentType,
    text: Buffer.from(body, 'base64').toString(),
  }));
}

/** The answers are those of the function in Lambda, to the last digit. */
async function checkAnswers(answers: readonly Answer[]): Promise<void> {
  const expected = JSON.parse(await readFile(join(SAMPLES, 'expected.json'), 'utf8'));
  const names = ['ankle-boot.jpg', 'trouser-white.jpg', 'bag.jpg'];
  for (const [index, name] of names.entries()) {
    const { status, contentType, text } = answers[index] as Answer;
    assert.equal([status, contentType], [200, 'application/json'], text);
    assert.equal(JSON.parse(text).predictions, expected[`samples/${name}`], name);
  }
  const refused = answers[names.length];
  assert.is(refused?.status, 500);
  assert.match(refused?.text ?? '', /Give a picture as/);
}

const torch = findPythonWith(['torch', 'torchvision', 'PIL']);
const test = suite('code in model archives, as containers call it');
/** Versions of images by the Python that is here. */
const TORCH_IMAGES: Readonly<Record<string, string>> = { '3.10': '2.2.0', '3.11': '2.5.1', '3.12': '2.6.0' };
const torchMinor = torch
  ? spawnSync(torch, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
      encoding: 'utf8',
    }).stdout.trim()
  : '';
const torchImage = TORCH_IMAGES[torchMinor];
const testTorch = torchImage === undefined && !process.env.CI ? test.skip : test;

testTorch('PyTorch: model_fn, input_fn, predict_fn and output_fn of resnet-torch', () =>
  withTempDir(async dir => {
    assert.ok(torch && torchImage, 'python3-torch is installed for a Python that an image has');
    const root = await unpack('resnet-torch', torchImage, dir);
    await checkAnswers(await ask(torch, ['pytorch', root]));
  }),
);

const TENSORFLOW_IMAGES: Readonly<Record<string, string>> = { '3.12': '2.20.0', '3.10': '2.18.0' };
const [minor = '', python = null] =
  Object.keys(TENSORFLOW_IMAGES)
    .map(version => [version, listPythons([version])[0] ?? null] as const)
    .find(([, found]) => found !== null) ?? [];
const testTensorflow = (python !== null && torch !== null) || process.env.CI ? test : test.skip;

testTensorflow('TensorFlow Serving: input_handler and output_handler of inception-tensorflow', () =>
  withTempDir(async dir => {
    assert.ok(python && torch);
    const root = await unpack('inception-tensorflow', TENSORFLOW_IMAGES[minor] ?? '', dir);
    await withModelServer(torch, async address => {
      await checkAnswers(await ask(python, ['tensorflow', root, address]));
    });
  }),
);

/** The same network with the same weights in PyTorch, by TensorFlow Serving's protocol. */
async function withModelServer(command: string, use: (address: string) => Promise<void>): Promise<void> {
  const weights = join(process.cwd(), 'src/handlers/resnet-torch');
  const server: ChildProcess = spawn(command, [MODEL_SERVER, weights], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  try {
    const [port] = await Promise.race([
      once(server.stdout as NodeJS.ReadableStream, 'data'),
      ended.then(([code]) => Promise.reject(new Error(`the model server ended with ${code}`))),
    ]);
    await use(`http://127.0.0.1:${String(port).trim()}/v1/models/model:predict`);
  } finally {
    server.kill();
    await ended;
  }
}

test.run();
