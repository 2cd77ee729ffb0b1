import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { addFallback } from '../../src/rest/add-fallback.ts';
import { restTree } from '../../src/rest/rest-tree.ts';
import type { Context, Entry, FileEntry, Platform, Tree } from '../../src/types.ts';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { compareCodeUnits, toArtifactPath } from '../../src/util/path.ts';
import { writeZip } from '../../src/zip/write-zip.ts';
import { NODEJS24 } from '../helpers/project.ts';

/** Path to content; `-> target` makes a link; bytes of a program begin with `#!`. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface Slim {
  /** The artifact, laid out. */
  readonly task: string;
  /** The second artifact, laid out as a layer and as a zip. */
  readonly layer: string;
  readonly zip: string;
  readonly tmp: string;
  readonly tree: Tree;
}

export const PLATFORM: Platform = { runtime: NODEJS24, os: 'linux', arch: 'x64', libc: 'glibc' };
export const PYTHON: Platform = {
  ...PLATFORM,
  runtime: { ...NODEJS24, id: 'python3.12', language: 'python', version: '3.12' },
};

export function makeContext(workDir: string): Context {
  const progress = { start() {}, tick() {}, done() {} };
  const signal = new AbortController().signal;
  return { cwd: workDir, env: {}, cacheDir: null, workDir, signal, progress };
}

export function toEntries(files: Files): readonly Entry[] {
  return Object.entries(files)
    .map(([path, content]) => toEntry(path, content))
    .sort((a, b) => compareCodeUnits(a.path, b.path));
}

function toEntry(rawPath: string, content: string | Uint8Array): Entry {
  const path = toArtifactPath(rawPath);
  const origin = { kind: 'include', pattern: '**' } as const;
  if (typeof content === 'string' && content.startsWith('-> '))
    return { kind: 'link', path, target: content.slice(3), origin };
  const data = Buffer.from(content);
  const mode = data.toString('latin1', 0, 2) === '#!' ? 0o755 : 0o644;
  return { kind: 'file', path, source: { kind: 'memory', data }, bytes: data.length, mode, origin };
}

export function emptied(entry: FileEntry): FileEntry {
  return { ...entry, source: { kind: 'memory', data: new Uint8Array(0) }, bytes: 0 };
}

export interface SlimOptions {
  readonly handler?: string;
  readonly platform?: Platform;
  /** These stay as empty files. */
  readonly empty?: (path: string) => boolean;
  /** Changes the tree before the fallback is added. */
  readonly furnish?: (tree: Tree) => Promise<Tree>;
}

/** Takes files out of a function, with a fallback, and lays out what comes of it. */
export async function makeSlim(
  dir: string,
  files: Files,
  isOut: (path: string) => boolean,
  { handler = 'index.handler', platform = PLATFORM, empty = () => false, furnish }: SlimOptions = {},
): Promise<Slim> {
  const all = toEntries(files);
  const out = all.filter(({ path }) => isOut(path) || empty(path));
  const kept = all.flatMap(entry => {
    if (entry.kind === 'file' && empty(entry.path)) return [emptied(entry)];
    return isOut(entry.path) ? [] : [entry];
  });
  const [task, opt, tmp] = ['task', 'opt', 'tmp'].map(name => join(dir, name)) as [string, string, string];
  await Promise.all([task, opt, tmp].map(folder => mkdir(folder, { recursive: true })));
  const context = makeContext(dir);
  const plain: Tree = { entries: kept, packages: [], removals: [] };
  const start = furnish ? await furnish(plain) : plain;
  const { tree } = await addFallback(start, out, handler, platform, context);
  await layOutTree(tree.entries, task);
  const rest = restTree(out);
  await layOutTree(rest.entries, opt);
  const zip = join(dir, 'function.rest.zip');
  await mkdir(dirname(zip), { recursive: true });
  const { workDir, cacheDir, signal } = context;
  await writeZip(zip, rest.entries, { level: 'fast', cacheDir, workDir, signal, onBytes: () => {} });
  return { task, layer: join(opt, 'lambda-slim-rest'), zip, tmp, tree };
}
