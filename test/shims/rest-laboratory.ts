import { spawn, spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readMissed } from '../../src/rest/read-missed.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { type Files, makeSlim, type Slim, type SlimOptions } from '../rest/make-slim.ts';

/** Imports a handler and calls it, as Lambda does, and prints what it gives. */
const RUN = `
const tell = value => console.log(JSON.stringify(value));
import(require('node:url').pathToFileURL(process.argv[1]))
  .then(module => (module.handler ?? module.default.handler)())
  .then(tell, ({ name, code, message }) => tell({ error: { name, code, message } }));
`;

export interface Ran {
  readonly value: unknown;
  readonly error: { readonly name: string; readonly code?: string; readonly message: string };
  readonly missed: readonly string[];
  readonly stderr: string;
}

export interface Laboratory extends Slim {
  readonly dir: string;
  run(env?: Readonly<Record<string, string>>): Promise<Ran>;
}

/** What Lambda starts Node.js with, by its major. */
export function flagsFor(node: string): readonly string[] {
  const { stdout } = spawnSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' });
  const major = Number(stdout);
  return [
    ...(major === 20 || major === 22 ? ['--no-experimental-require-module'] : []),
    ...(major === 22 ? ['--no-experimental-detect-module'] : []),
  ];
}

export interface Case {
  readonly files: Files;
  readonly out: (path: string) => boolean;
  readonly options?: SlimOptions;
}

/** A slim function in a folder of its own, its rest attached as a folder unless the environment says otherwise. */
export function withLaboratory(
  node: string,
  { files, out, options }: Case,
  use: (laboratory: Laboratory) => void | Promise<void>,
): Promise<void> {
  return withTempDir(async temp => {
    const dir = realpathSync(temp);
    const slim = await makeSlim(dir, files, out, options);
    const [handler = ''] = ['index.mjs', 'index.cjs', 'index.js'].filter(name => name in files);
    const args = [...flagsFor(node), '-e', RUN, join(slim.task, handler)];
    const run = async (env: Readonly<Record<string, string>> = {}): Promise<Ran> => {
      const child = spawn(node, args, {
        cwd: slim.task,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env.PATH, TMPDIR: slim.tmp, LAMBDA_SLIM_REST: slim.layer, ...env },
      });
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      if (stdout === '') throw new Error(stderr);
      const value = JSON.parse(stdout.trim().split('\n').at(-1) as string);
      return { value, error: value?.error, missed: readMissed(stderr), stderr };
    };
    await use({ ...slim, dir, run });
  });
}

/** Bytes that deflate does not make fewer; the same ones each time. */
export function noise(bytes: number, seed: number): Uint8Array {
  let state = seed + 1;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** Nothing that deflate makes smaller: what is read is not the whole of the zip. */
const FILLER = Array.from({ length: 60 }, (_, at) => [`data/${at}.bin`, noise(9000, at)]);

/** Reads two files that are gone. */
export const DATA_CASE: Case = {
  files: {
    'index.mjs': `import fs from 'node:fs'; export const handler = async () => [fs.readFileSync('data/1.bin').length, fs.readFileSync('data/dir/a ü%20.txt', 'utf8')];`,
    'data/dir/a ü%20.txt': 'found',
    ...Object.fromEntries(FILLER),
  },
  out: path => path.startsWith('data/'),
};
export const DATA_VALUE = [9000, 'found'];
