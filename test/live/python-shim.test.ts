import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withTempDir } from '../../src/util/fs.ts';
import {
  bytesOf,
  compressFolder,
  PYTHON,
  type Ran,
  readTree,
  runPython,
} from '../helpers/python-artifact.ts';

const LEARN = `
import numpy as np, scipy.linalg, scipy.special, sklearn.ensemble, sklearn.linear_model
X = np.random.RandomState(0).rand(200, 5)
y = X @ np.arange(5) + np.sin(X[:, 0])
model = sklearn.ensemble.GradientBoostingRegressor(random_state=0).fit(X, y)
print(model.predict(X[:3]), sklearn.linear_model.LinearRegression().fit(X, y).coef_)
print(scipy.linalg.svdvals(X), scipy.special.gamma(2.5), np.linalg.inv(X[:5]).sum())
`;

const RUN = `
import io, numpy as np, onnxruntime as ort, PIL.Image, PIL.ImageFilter
image = PIL.Image.fromarray((np.arange(64 * 64 * 3) % 255).astype("uint8").reshape(64, 64, 3))
for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
    file = io.BytesIO()
    image.filter(PIL.ImageFilter.BLUR).resize((32, 32)).save(file, kind)
    print(kind, np.asarray(PIL.Image.open(file).convert("RGB")).sum())
session = ort.InferenceSession("net.onnx", providers=["CPUExecutionProvider"])
print(session.run(None, {"x": np.ones((1, 3), "float32")}))
`;

/** A graph with one node, Abs(x), as protobuf bytes: IR version 8, opset 13. */
const NET = Buffer.from(
  '08083a3c0a0b0a0178120179220341627312036e65745a130a0178120e0a0c080112080a0208010a02080362130a0179120e0a0c080112080a0208010a0208034202100d',
  'hex',
);

function install(packages: readonly string[], target: string): void {
  const args = ['-m', 'pip', 'install', '--quiet', '--no-compile', '--only-binary=:all:', '--target', target];
  const { status, stderr } = spawnSync(PYTHON, [...args, ...packages], { encoding: 'utf8' });
  assert.is(status, 0, stderr);
}

interface Place {
  readonly raw: string;
  readonly root: string;
  readonly tmp: string;
  readonly dir: string;
}

/** Installs packages, and compresses every library of 64 KiB and more, which is more than anybody would. */
async function withCompressed(packages: readonly string[], use: (place: Place) => Promise<void>) {
  await withTempDir(async dir => {
    const [raw, root, tmp] = [join(dir, 'raw'), join(dir, 'task'), join(dir, 'tmp')];
    await mkdir(tmp);
    install(packages, raw);
    await writeFile(join(raw, 'net.onnx'), NET);
    const options = { workDir: dir, preset: 0, choice: { minBytes: 64 * 1024 } };
    const { tree, plan } = await compressFolder(raw, root, options);
    assert.ok(plan.compressed.length > 10);
    assert.ok(bytesOf(tree) < bytesOf(await readTree(raw)) * 0.75);
    await use({ raw, root, tmp, dir });
  });
}

function succeeds({ status, stdout, stderr }: Ran): string {
  assert.is(status, 0, stderr);
  return stdout;
}

test('scikit-learn and scipy compute the same from the mirror', async () => {
  await withCompressed(['scikit-learn', 'scipy'], async ({ raw, root, tmp }) => {
    const before = await readdir(root, { recursive: true });
    const expected = succeeds(runPython(raw, LEARN, tmp));
    assert.equal(await readdir(tmp), []);
    const first = runPython(root, LEARN, tmp, { LAMBDA_SLIM_DEBUG: '1' });
    assert.is(succeeds(first), expected);
    assert.match(first.stderr, /lambda-slim: made/);
    const second = runPython(root, LEARN, tmp, { LAMBDA_SLIM_DEBUG: '1' });
    assert.is(succeeds(second), expected);
    assert.match(second.stderr, /lambda-slim: found/);
    assert.equal(await readdir(root, { recursive: true }), before);
  });
});

test('onnxruntime and pillow too; killed in the middle, two at once, damaged', async () => {
  await withCompressed(['onnxruntime', 'pillow'], async ({ raw, root, tmp }) => {
    const expected = succeeds(runPython(raw, RUN, tmp));
    const env = { PATH: process.env.PATH, TMPDIR: tmp, PYTHONPATH: root };
    const start = () => spawn(PYTHON, ['-c', RUN], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });

    const killed = start();
    const ended = new Promise(resolve => killed.on('exit', resolve));
    while (!(await partials(tmp)).length) await new Promise(resolve => setTimeout(resolve, 5));
    killed.kill('SIGKILL');
    await ended;
    assert.is((await partials(tmp)).length, 1, 'it died in the middle');

    const outputs = await Promise.all([start(), start()].map(child => readAll(child.stdout)));
    assert.equal(outputs, [expected, expected]);
    assert.equal(await partials(tmp), []);

    await rm(join(tmp, 'lambda-slim'), { recursive: true });
    const [blob] = (await readdir(join(root, '.lambda-slim'))).filter(name => name.startsWith('0-'));
    await writeFile(join(root, '.lambda-slim', blob as string), 'no longer a library');
    assert.match(runPython(root, RUN, tmp).stderr, /LibrariesError: The compressed library .* is damaged/);
    assert.equal(await partials(tmp), []);
  });
});

async function partials(tmp: string): Promise<readonly string[]> {
  const names = await readdir(join(tmp, 'lambda-slim')).catch((): readonly string[] => []);
  return names.filter(name => name.endsWith('.partial'));
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

test.run();
