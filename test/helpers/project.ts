import { realpathSync } from 'node:fs';
import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContainerOptions } from '../../src/container/types.ts';
import type { Arch, Context, ResolvedFunction, Runtime, Tree } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';

/** Path to content; a content `-> target` makes a link. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes a project into a new folder, gives it to `use`, and removes it. */
export function withProject<T>(files: Files, use: (dir: string) => Promise<T>): Promise<T> {
  return withTempDir(async temp => {
    const dir = realpathSync(temp);
    await writeFiles(dir, files);
    return use(dir);
  });
}

export async function writeFiles(dir: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(dir, path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === 'string' && content.startsWith('-> ')) await symlink(content.slice(3), file);
    else await writeFile(file, content);
  }
}

/** A row as the runtime table has them, so that tests of a stage do not hang on the table. */
export const NODEJS24: Runtime = {
  id: 'nodejs24.x',
  language: 'nodejs',
  version: '24',
  os: 'al2023',
  glibc: '2.34',
  glibcxx: '3.4.29',
  cxxabi: '1.3.13',
  deprecated: '2028-04-30',
  blockCreate: '2028-06-01',
  blockUpdate: '2028-07-01',
};

/** How containers are run where nobody says anything. */
export const CONTAINER: ContainerOptions = {
  engine: null,
  packages: [],
  environment: [],
  network: null,
  cpus: null,
  memoryMiB: null,
  timeoutSeconds: 1800,
  vendorLibraries: [],
  shellArgs: [],
};

/** A function as config would resolve it, all defaults. */
export function makeFunction(
  root: string,
  overrides: Partial<ResolvedFunction> & { arch?: Arch } = {},
): ResolvedFunction {
  const { arch = 'x64', ...rest } = overrides;
  return {
    name: 'function',
    root,
    entry: join(root, 'index.mjs'),
    handlerExport: 'handler',
    platform: { runtime: NODEJS24, os: 'linux', arch, libc: 'glibc' },
    include: [],
    exclude: [],
    external: [],
    bundle: { format: 'auto', minify: true, sourcemap: false, keepNames: false },
    install: { scripts: [], container: false },
    container: CONTAINER,
    python: { awsServices: null, runtimeProvides: [] },
    level: 'safe',
    rules: { disable: [], enable: [] },
    keep: [],
    presets: [],
    compress: 'fast',
    compileCache: false,
    bytecode: 'auto',
    native: { strip: true, stripExcept: [], dedupe: true, compress: null },
    tmpMiB: 512,
    memoryMiB: 1024,
    timeoutMs: 30_000,
    environment: {},
    verify: { enabled: false, events: [], tolerance: 1e-6, headers: ['content-type'], ignore: [] },
    rest: { write: false, fallback: false },
    budget: { zippedBytes: null, unzippedBytes: null, growth: null, initMs: null },
    target: 'zip',
    efs: null,
    publish: { config: {}, memoryMiB: null, timeoutSeconds: null, tmpMiB: null },
    ...rest,
  };
}

/** A context without cache and without a voice. */
export function makeContext(workDir: string, overrides: Partial<Context> = {}): Context {
  const silent = { start: () => {}, tick: () => {}, done: () => {} };
  return {
    cwd: workDir,
    env: process.env,
    cacheDir: null,
    workDir,
    signal: new AbortController().signal,
    progress: silent,
    ...overrides,
  };
}

/** Lays the entries of a tree into an empty folder, as unpacking the artifact would. */
export async function layOut(tree: Tree, dir: string): Promise<void> {
  for (const entry of tree.entries) {
    const path = join(dir, entry.path);
    await mkdir(dirname(path), { recursive: true });
    if (entry.kind === 'link') await symlink(entry.target, path);
    else if (entry.source.kind === 'memory') await writeFile(path, entry.source.data);
    else await copyFile(entry.source.path, path);
    if (entry.kind === 'file') await chmod(path, entry.mode);
  }
}
