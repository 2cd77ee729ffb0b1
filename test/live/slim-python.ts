import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { collectPython } from '../../src/collect/python/collect-python.ts';
import { describePython } from '../../src/lambda/find-python.ts';
import { loadPresets } from '../../src/presets/load.ts';
import { prune } from '../../src/prune/prune.ts';
import type { Context, PruneLevel, ResolvedFunction, Tree } from '../../src/types.ts';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { makeContext, withProject } from '../helpers/project.ts';
import type { Ran } from '../helpers/python-artifact.ts';
import { makePythonFunction, pythonPlatform } from '../helpers/python-project.ts';
import { PYPI_FIXTURES } from '../prune/pypi-fixture.ts';
import { QUIT } from './wheel-sets.ts';

/** The Python of the runtime whose wheels the tests pin; those of older runtimes are for an older glibc. */
export const VERSION = '3.12';
const found = await describePython(VERSION, { cwd: '/', signal: new AbortController().signal });
export const hasPython = found !== null;
export const PYTHON = found?.path ?? '';

/** What functions have to be built for to run here. */
export const ARCH = process.arch === 'arm64' ? 'arm64' : 'x64';

export const ENV: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).map(([name, value]) => [name, value ?? '']),
);

const library = await loadPresets();

/** Work for a package that fails when something of it is missing. */
export interface Smoke {
  readonly name: string;
  readonly code: string;
}

/** The work that is recorded with a package. */
export function smokeOf(name: string): Smoke {
  return { name, code: readFileSync(join(PYPI_FIXTURES, name, 'smoke.py'), 'utf8') };
}

/** What was installed for a handler, and the folder that has all of it. */
export interface Installed {
  readonly tree: Tree;
  readonly fn: ResolvedFunction;
  readonly context: Context;
  readonly full: string;
  readonly dir: string;
}

/** Installs packages for a handler that imports none of them, unless `app` says more. */
export function withInstalled<T>(
  requirements: readonly string[],
  use: (installed: Installed) => Promise<T>,
  app = 'def handler(event, context): pass\n',
): Promise<T> {
  return withProject({ 'requirements.txt': requirements.join('\n'), 'app.py': app }, async dir => {
    const work = join(dir, '.work');
    await mkdir(work);
    const context = makeContext(work);
    const fn = makePythonFunction(dir, { platform: pythonPlatform(VERSION, ARCH) });
    const { tree } = await collectPython(fn, context);
    const full = join(dir, 'full');
    await layOutTree(tree.entries, full);
    return use({ tree, fn, context, full, dir });
  });
}

/** What the built-in presets leave; the function declares s3 and dynamodb. */
export function pruned({ tree, fn }: Installed, level: PruneLevel): Tree {
  const declared = { awsServices: ['s3', 'dynamodb'] };
  return prune(tree, { library, level, disable: [], enable: [], keep: [], declared }, fn.platform).tree;
}

/** Runs code with one folder of packages and nothing else of this machine. */
export function runAlone(root: string, code: string, tmp: string): Promise<Ran> {
  const args = ['-s', '-c', `import sys; sys.path.remove('')\n${code}\n${QUIT}`];
  const env = {
    PATH: process.env.PATH,
    HOME: tmp,
    TMPDIR: tmp,
    PYTHONPATH: root,
    PYTHONPYCACHEPREFIX: join(tmp, '.bytecode'),
    PYTHONHASHSEED: '0',
    // lightgbm takes OpenMP from the system; a test may lay one there.
    LD_LIBRARY_PATH: tmp,
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
  };
  return new Promise(resolve => {
    execFile(PYTHON, args, { cwd: tmp, encoding: 'utf8', env }, (error, stdout, stderr) =>
      resolve({ status: error ? 1 : 0, stdout, stderr }),
    );
  });
}

/** Does the same work with both folders; it has to say something, and the same. */
export async function assertSame(full: string, slim: string, { name, code }: Smoke, tmp: string) {
  const [before, after] = await Promise.all([full, slim].map(root => runAlone(root, code, tmp)));
  assert.equal(
    [before?.status, before?.stdout === ''],
    [0, false],
    `${name}, as installed: ${before?.stderr}`,
  );
  assert.equal([after?.stdout, after?.status], [before?.stdout, 0], `${name}: ${after?.stderr}`);
}
