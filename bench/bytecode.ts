/*
 * What bytecode saves: CPU of importing packages and of one call, from builds without bytecode, with it, and with it instead of sources.
 *   npm run build && npm run build:test && node .build/bench/bytecode.js [--runs 5] [--cache folder]
 * Needs the Python of the runtime below and the registry. Sizes are exact bytes, unzipped and zipped; CPU is user and system time in
 * seconds of a whole process, the least of the runs, which go round so that what else the machine does meets all alike.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../src/index.ts';
import { findPython } from '../src/lambda/find-python.ts';
import { formatCount } from '../src/report/bytes.ts';
import { exec } from '../src/util/exec.ts';
import { withTempDir } from '../src/util/fs.ts';
import { unpackZip } from '../src/zip/unpack-zip.ts';

const VERSION = '3.12';
const MODES = ['none', 'unchecked', 'only'] as const;

const APPS: Readonly<Record<string, { readonly requirements: string; readonly app: string }>> = {
  lightgbm: {
    requirements: 'lightgbm==4.6.0\nnumpy==2.3.5\nscipy==1.16.3\nscikit-learn==1.7.2\n',
    app: `
import numpy as np
import lightgbm

def handler(event, context):
    x = np.random.RandomState(0).rand(100, 4)
    return lightgbm.train({"verbose": -1, "num_threads": 1}, lightgbm.Dataset(x, x[:, 0]), 2).predict(x).sum()
`,
  },
  'scikit-learn': {
    requirements: 'scikit-learn==1.7.2\nnumpy==2.3.5\nscipy==1.16.3\n',
    app: `
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier

def handler(event, context):
    x, y = load_iris(return_X_y=True)
    return RandomForestClassifier(5, random_state=0).fit(x, y).score(x, y)
`,
  },
};

/** Runs the handler once; the last line is its CPU time and its answer. */
const RUN =
  'import app, resource; a = app.handler({}, None); u = resource.getrusage(resource.RUSAGE_SELF); print(u.ru_utime + u.ru_stime, a)';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, cache: { type: 'string' } },
});

await withTempDir(async dir => {
  const signal = new AbortController().signal;
  const python = await findPython(VERSION, { cwd: dir, signal });
  if (!python) throw new Error(`There is no Python ${VERSION} here.`);
  for (const name of Object.keys(APPS)) await measureApp(name, python, dir);
});

async function measureApp(name: string, python: string, dir: string): Promise<void> {
  const project = join(dir, name);
  await mkdir(project, { recursive: true });
  await writeFile(join(project, 'requirements.txt'), APPS[name]?.requirements ?? '');
  await writeFile(join(project, 'app.py'), APPS[name]?.app ?? '');
  const sizes = new Map<string, string>();
  for (const mode of MODES) sizes.set(mode, await buildMode(project, mode));
  const least = new Map<string, number>(MODES.map(mode => [mode, Number.POSITIVE_INFINITY]));
  const answers = new Set<string>();
  for (let round = 0; round < Number(values.runs); round++) {
    for (const mode of MODES) {
      const args = ['-B', '-S', '-W', 'ignore', '-c', RUN];
      const cwd = join(project, mode, 'task');
      const { stdout } = await exec(python, args, { cwd, env: { OMP_NUM_THREADS: '1', HOME: dir } });
      const [seconds = '', answer = ''] = stdout.trim().split('\n').at(-1)?.split(' ') ?? [];
      least.set(mode, Math.min(least.get(mode) ?? 0, Number(seconds)));
      answers.add(answer);
    }
  }
  if (answers.size !== 1) throw new Error(`${name}: the answers differ: ${[...answers].join(', ')}`);
  console.log(`${name}, python${VERSION}`);
  for (const mode of MODES) {
    const seconds = least.get(mode) ?? Number.NaN;
    const ratio = (least.get('none') ?? Number.NaN) / seconds;
    console.log(`  ${mode.padEnd(10)} ${seconds.toFixed(2)} s  ${ratio.toFixed(2)}x  ${sizes.get(mode)}`);
  }
}

/** Builds and unpacks; gives the sizes in words. */
async function buildMode(project: string, mode: (typeof MODES)[number]): Promise<string> {
  const out = join(project, mode);
  const [result] = await build({
    cwd: project,
    entry: 'app.py',
    runtime: `python${VERSION}`,
    bytecode: mode,
    out,
    cacheDir: values.cache ?? join(project, 'cache'),
  });
  if (!result?.artifact) throw new Error('Nothing was built.');
  const maxBytes = Number.MAX_SAFE_INTEGER;
  await unpackZip(result.artifact.path, join(out, 'task'), {
    maxBytes,
    signal: new AbortController().signal,
  });
  const { unzippedBytes, zippedBytes } = result.artifact;
  return `${formatCount(unzippedBytes)} unzipped, ${formatCount(zippedBytes)} zipped`;
}
