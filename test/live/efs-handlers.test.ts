import { createHash } from 'node:crypto';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type BuildResult, build, type Options } from '../../src/index.ts';
import { findPython } from '../../src/lambda/find-python.ts';
import { findCacheDir } from '../../src/util/cache-dir.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { HOST_ARCH, invokeArtifact } from '../helpers/invoke.ts';

/*
 * The bundled function, and the Python function for TensorFlow with a small model, from a file system and from a zip. With TensorFlow
 * itself and with PyTorch it was done by hand: what is installed for them takes minutes.
 */
const EVENTS = ['invoke-image', 'http-v2-post-image', 'rest-v1-post-image-mangled'];
const cacheDir = findCacheDir(process.cwd(), process.env);

async function buildOne(options: Options): Promise<BuildResult> {
  const [result] = await build({ verify: false, compress: 'fast', cacheDir, ...options });
  return result as BuildResult;
}

async function predict({ artifact }: BuildResult): Promise<readonly unknown[]> {
  const answers = [];
  for (const name of EVENTS) {
    const event = JSON.parse(await readFile(`fixtures/events/${name}.json`, 'utf8'));
    const { answer, error, log } = await withTempDir(workDir =>
      invokeArtifact(artifact?.path ?? '', workDir, { cacheDir, timeoutMs: 60_000, event }),
    );
    assert.is(error, null, log);
    answers.push(answer);
  }
  return answers;
}

/** Builds a function both ways, and asks both. */
async function compare(options: Options, out: string): Promise<BuildResult> {
  const plain = await buildOne({ ...options, out: join(out, 'zip') });
  const parted = await buildOne({ ...options, out: join(out, 'efs'), target: 'efs' });
  const answers = await predict(parted);
  assert.equal(answers, await predict(plain));
  assert.match(JSON.stringify(answers[0]), '"label":"Ankle boot"');
  const errorsOf = ({ findings }: BuildResult): readonly string[] =>
    findings.filter(({ level }) => level === 'error').map(({ code }) => code);
  assert.equal(errorsOf(parted), errorsOf(plain), 'the linkage of both is judged alike');
  return parted;
}

if (process.platform === 'linux') {
  test('the bundled function names the same things from a file system', () =>
    withTempDir(async dir => {
      const { artifact, efs } = await compare({ function: ['resnet'], arch: HOST_ARCH }, dir);
      assert.ok((artifact?.unzippedBytes ?? Number.NaN) < 100_000, `${artifact?.unzippedBytes}`);
      assert.ok((efs?.bytes ?? 0) > 20_000_000);
    }));

  const options = { cwd: process.cwd(), signal: new AbortController().signal };
  const testPython = (await findPython('3.12', options)) !== null ? test : test.skip;

  testPython('a Python function names the same things from a file system', () =>
    withTempDir(async dir => {
      const config = await layOut(dir);
      const { artifact, efs } = await compare({ config }, dir);
      assert.ok((artifact?.unzippedBytes ?? Number.NaN) < 100_000, `${artifact?.unzippedBytes}`);
      assert.ok((efs?.bytes ?? 0) > 20_000_000);
    }),
  );
}

/** The function with the runtime for small models in the place of TensorFlow; gives its config. */
async function layOut(dir: string): Promise<string> {
  const root = join(dir, 'inception');
  await cp('src/handlers/inception-tensorflow', root, { recursive: true });
  await rm(join(root, 'model/resnet20-fashion'), { recursive: true });
  const common = resolve('src/handlers/python-common');
  const needs = [common, 'ai-edge-litert==2.3.0', 'numpy==2.3.5', 'pillow==12.3.0'];
  await writeFile(join(root, 'requirements.txt'), `${needs.join('\n')}\n`);
  const model = JSON.parse(await readFile(join(root, 'model/model.json'), 'utf8'));
  const file = 'resnet20-fashion.tflite';
  const bytes = await readFile(`fixtures/models/${file}`);
  await writeFile(join(root, 'model', file), bytes);
  const files = {
    'labels.txt': model.files['labels.txt'],
    [file]: createHash('sha256').update(bytes).digest('hex'),
  };
  await writeFile(join(root, 'model/model.json'), JSON.stringify({ ...model, file, files }));
  const { functions } = JSON.parse(await readFile('src/handlers/functions.json', 'utf8'));
  const { native: _, ...fn } = functions['inception-tensorflow'];
  const config = join(dir, 'lambda-slim.json');
  await writeFile(config, JSON.stringify({ ...fn, root, arch: HOST_ARCH, verify: false }));
  return config;
}

test.run();
