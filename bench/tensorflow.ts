/*
 * tensorflow-cpu and pillow for python3.12: installed, stripped, equal files shared, libraries compressed; then the same
 * predictions from both trees.
 *   npm run build && npm run build:test && node .build/bench/tensorflow.js [--tree folder] [--cache folder] [--level fast|best]
 * `--tree` keeps the installed packages there, or takes them from it; `--cache` keeps encoded libraries: the first run
 * compresses for a quarter of an hour. Needs a python3.12. Sizes are exact bytes.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import picomatch from 'picomatch';
import { findPython } from '../src/lambda/find-python.ts';
import { native } from '../src/native/native.ts';
import { limits } from '../src/platform/limits.ts';
import { findRuntime } from '../src/platform/runtimes.ts';
import { formatCount } from '../src/report/bytes.ts';
import type { Context, Entry, Platform, Tree } from '../src/types.ts';
import { exec } from '../src/util/exec.ts';
import { withTempDir } from '../src/util/fs.ts';
import { layOutTree } from '../src/util/lay-out-tree.ts';
import { compareCodeUnits, toArtifactPath } from '../src/util/path.ts';

const REQUIREMENTS = ['tensorflow-cpu==2.21.0', 'pillow==12.3.0'];
const RUNTIME = 'python3.12';

/** What nothing reads at run time: for compilers, type checkers and other systems. */
const UNUSED = [
  'tensorflow/include/**',
  '**/*.{h,hpp,inc,pyi,pyx,pxd,a,cc,cu}',
  '**/__pycache__/**',
  '**/*.exe',
  'bin/**',
  'clang/**',
  'setuptools/**',
  'pip/**',
];

const PREDICT = `
import hashlib, io, json, numpy as np, tensorflow as tf
from PIL import Image
picture = Image.fromarray(np.arange(224 * 224 * 3, dtype=np.uint32).astype(np.uint8).reshape(224, 224, 3))
data = io.BytesIO(); picture.save(data, "JPEG"); picture = Image.open(io.BytesIO(data.getvalue()))
tf.keras.utils.set_random_seed(7)
model = tf.keras.Sequential([tf.keras.layers.Input((224, 224, 3)), tf.keras.layers.Conv2D(16, 3, strides=4, activation="relu"),
  tf.keras.layers.BatchNormalization(), tf.keras.layers.GlobalAveragePooling2D(), tf.keras.layers.Dense(10, activation="softmax")])
answer = model.predict(np.asarray(picture, np.float32)[None] / 255, verbose=0)[0]
print(json.dumps([tf.__version__, [float(x) for x in answer], float(tf.linalg.svd(tf.eye(5) * 3)[0][0])]))
`;

const { values } = parseArgs({
  options: {
    tree: { type: 'string' },
    cache: { type: 'string' },
    level: { type: 'string', default: 'best' },
  },
});

await withTempDir(async dir => {
  const signal = new AbortController().signal;
  const python = await findPython('3.12', { cwd: dir, signal });
  if (!python) throw new Error('There is no python3.12 here.');
  const raw = await install(python, values.tree ?? join(dir, 'raw'));
  const progress = { start: () => {}, tick: () => {}, done: () => {} };
  const context: Context = {
    cwd: dir,
    env: process.env,
    cacheDir: values.cache ?? null,
    workDir: dir,
    signal,
    progress,
  };
  const installed = await readTree(raw, () => true);
  const used = await readTree(raw, path => !picomatch(UNUSED)(path));
  const stripped = await native(used, settingsOf(null), context);
  const compressed = await native(used, settingsOf({ minBytes: 1 << 20, only: [], except: [] }), context);
  const root = join(dir, 'task');
  await layOutTree(compressed.tree.entries, root);
  printSizes([
    ['installed', installed],
    ['without headers and the like', used],
    ['stripped, equal files shared', stripped.tree],
    ['libraries compressed', compressed.tree],
  ]);
  const { compressed: report } = compressed.report;
  console.log(
    `${report?.files.length} libraries, ${report?.format}: ${formatCount(report?.tmpBytes ?? 0)} in /tmp`,
  );
  console.log('inflating:', report?.inflate);
  const expected = await predict(python, raw, dir);
  const first = await predict(python, root, dir);
  const second = await predict(python, root, dir);
  console.log(`predictions: ${expected.stdout === first.stdout ? 'the same' : 'DIFFERENT'}`, first.stdout);
  const ratio = (ms: number): string => (ms / expected.ms).toFixed(2);
  console.log(
    `import and predict, against raw: ${ratio(first.ms)} with inflating, ${ratio(second.ms)} after`,
  );
  if (expected.stdout !== first.stdout) process.exitCode = 1;
});

async function install(python: string, target: string): Promise<string> {
  if (existsSync(target)) return target;
  const args = ['-m', 'pip', 'install', '--quiet', '--no-compile', '--only-binary=:all:', '--target', target];
  await exec(python, [...args, ...REQUIREMENTS], { cwd: process.cwd() });
  return target;
}

function settingsOf(compress: Parameters<typeof native>[1]['options']['compress']) {
  const runtime = findRuntime(RUNTIME);
  const platform: Platform = { runtime, os: 'linux', arch: 'x64', libc: 'glibc' };
  const options = { strip: true, stripExcept: [], dedupe: true, compress };
  const level = values.level === 'fast' ? ('fast' as const) : ('best' as const);
  return { options, library: { presets: [], alwaysKeep: [] }, platform, level };
}

async function readTree(root: string, keeps: (path: string) => boolean): Promise<Tree> {
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const entries = await Promise.all(
    found
      .filter(item => item.isFile())
      .map(item => join(item.parentPath, item.name))
      .filter(file => keeps(file.slice(root.length + 1)))
      .map(async (file): Promise<Entry> => {
        const { size, mode, mtimeMs } = await stat(file);
        return {
          kind: 'file',
          path: toArtifactPath(file.slice(root.length + 1)),
          source: { kind: 'disk', path: file, mtimeMs },
          bytes: size,
          mode: mode & 0o100 ? 0o755 : 0o644,
          origin: { kind: 'include', pattern: '**' },
        };
      }),
  );
  entries.sort((a, b) => compareCodeUnits(a.path, b.path));
  return { entries, packages: [], removals: [] };
}

function printSizes(rows: readonly (readonly [string, Tree])[]): void {
  for (const [name, { entries }] of rows) {
    const bytes = entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0);
    const room = bytes < limits.unzippedBytes ? 'fits 250 MiB' : '';
    console.log(
      `${name.padEnd(32)} ${formatCount(bytes).padStart(14)} bytes  ${entries.length} files  ${room}`,
    );
  }
}

async function predict(python: string, root: string, dir: string) {
  const tmp = join(dir, root === join(dir, 'task') ? 'tmp' : 'tmp-raw');
  await mkdir(tmp, { recursive: true });
  const env = {
    PYTHONPATH: root,
    TMPDIR: tmp,
    PATH: process.env.PATH,
    TF_CPP_MIN_LOG_LEVEL: '3',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const started = performance.now();
  const { stdout } = await exec(python, ['-s', '-c', PREDICT], { cwd: root, env });
  const ms = performance.now() - started;
  if (root !== join(dir, 'task')) await rm(tmp, { recursive: true, force: true });
  return { stdout, ms };
}
