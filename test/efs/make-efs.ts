import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { splitForEfs } from '../../src/efs/split-for-efs.ts';
import type { Platform, Tree } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { type Files, PYTHON, toEntries } from '../rest/make-slim.ts';
import { flagsFor } from '../shims/rest-laboratory.ts';

export { PLATFORM, PYTHON } from '../rest/make-slim.ts';

export interface EfsCase {
  readonly files: Files;
  readonly handler?: string;
  /** Globs of own files on the file system. */
  readonly own?: readonly string[];
  /** Names of the Python distributions and what they own. */
  readonly owned?: Readonly<Record<string, readonly string[]>>;
}

/** A function with its zip and a store of one release laid out beside each other. */
export interface EfsFunction {
  readonly task: string;
  /** The folder of the release, and the link to it. */
  readonly release: string;
  readonly current: string;
}

export const ID = 'ab'.repeat(32);

export function treeOf({ files, owned = {} }: EfsCase): Tree {
  const packages = Object.entries(owned).map(
    ([name, owns]) => ({ ecosystem: 'pypi', name, version: '1.0', dir: '', owns }) as const,
  );
  return { entries: toEntries(files), packages, removals: [] };
}

/** Parts a function as build does, and lays both parts out. */
export async function makeEfs(dir: string, each: EfsCase, platform: Platform): Promise<EfsFunction> {
  const [task, store] = [join(dir, 'task'), join(dir, 'mnt', 'store')];
  const handler = each.handler ?? (platform === PYTHON ? 'app.handler' : 'index.handler');
  const { zip, bundle } = await splitForEfs(treeOf(each), handler, platform, { files: each.own ?? [] });
  const release = join(store, 'releases', ID);
  await mkdir(release, { recursive: true });
  await layOutTree(zip.entries, task);
  await layOutTree(
    bundle.map(({ entry }) => entry),
    release,
  );
  const current = join(store, 'current');
  await symlink(`releases/${ID}`, current);
  return { task, release, current };
}

export interface EfsRun {
  readonly value: unknown;
  readonly stderr: string;
}

export type RunEfs = (env?: Readonly<Record<string, string>>) => Promise<EfsRun>;

/** Imports a handler and calls it, as Lambda does, and prints what it gives. */
const RUN_NODE = `
const tell = value => console.log(JSON.stringify(value));
import(require('node:url').pathToFileURL(process.argv[1]))
  .then(module => (module.handler ?? module.default.handler)())
  .then(tell, ({ name, code, message }) => tell({ error: { name, code, message } }));
`;

const RUN_PYTHON = `
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
try:
    value = importlib.import_module(sys.argv[2]).handler()
except Exception as error:
    value = {"error": {"name": type(error).__name__, "message": str(error)}}
print(json.dumps(value))
`;

/** A function in a folder of its own, with `current` followed unless the environment says otherwise. */
export function withEfs(
  program: string,
  each: EfsCase,
  platform: Platform,
  use: (run: RunEfs, fn: EfsFunction) => void | Promise<void>,
): Promise<void> {
  return withTempDir(async temp => {
    const fn = await makeEfs(realpathSync(temp), each, platform);
    const [name = ''] = ['index.mjs', 'index.cjs', 'index.js'].filter(file => file in each.files);
    const module = (each.handler ?? 'app.handler').replace(/\.[^.]*$/, '').replaceAll('/', '.');
    const args =
      platform === PYTHON
        ? ['-c', RUN_PYTHON, fn.task, module]
        : [...flagsFor(program), '-e', RUN_NODE, join(fn.task, name)];
    await use(async (env = {}) => {
      const child = spawn(program, args, {
        cwd: fn.task,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env.PATH,
          PYTHONDONTWRITEBYTECODE: '1',
          LAMBDA_TASK_ROOT: fn.task,
          NODE_PATH: fn.task,
          LAMBDA_SLIM_ROOT: fn.current,
          ...env,
        },
      });
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      if (stdout === '') throw new Error(stderr);
      return { value: JSON.parse(stdout.trim().split('\n').at(-1) as string), stderr };
    }, fn);
  });
}
