import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addCompileCache, type CompileCacheOutcome } from '../../src/compile-cache/add-compile-cache.ts';
import { cacheKey } from '../../src/compile-cache/cache-key.ts';
import { installNode } from '../../src/lambda/find-node.ts';
import { nodeFlags } from '../../src/lambda/node-flags.ts';
import { findNodeVersion } from '../../src/platform/node-versions.ts';
import { findRuntime } from '../../src/platform/runtimes.ts';
import type { Arch, Platform, Tree } from '../../src/types.ts';
import { toArtifactPath } from '../../src/util/path.ts';
import { layOut, makeContext, withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const HOST_ARCH: Arch = process.arch === 'arm64' ? 'arm64' : 'x64';

const SOURCE = `
import { readFileSync } from 'node:fs';
import { z } from 'zod';
const Event = z.object({ name: z.string() });
const greeting = readFileSync(new URL('./greeting.txt', FILE_URL), 'utf8');
const lib = require('./node_modules/outside/index.js');
export const api = { get: async event => ({ hello: greeting + Event.parse(event).name + lib, flags: [typeof gc, process.execArgv.length > 0] }) };
`;

/** A bundle of realistic size, which reads a file and a package beside it while it loads. */
async function bundleHandler(format: 'esm' | 'cjs'): Promise<Buffer> {
  const shim = `import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);`;
  const { outputFiles } = await build({
    stdin: { contents: SOURCE, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    minify: true,
    platform: 'node',
    format,
    external: ['./node_modules/outside/index.js'],
    define: { FILE_URL: format === 'esm' ? 'import.meta.url' : '__fileUrl' },
    banner: {
      js: format === 'esm' ? shim : `const __fileUrl=require('node:url').pathToFileURL(__filename);`,
    },
  });
  return Buffer.from(outputFiles[0]?.contents ?? '');
}

function treeOf(files: Readonly<Record<string, Uint8Array>>): Tree {
  const entries = Object.entries(files).map(([path, data]) => ({
    kind: 'file' as const,
    path: toArtifactPath(path),
    source: { kind: 'memory' as const, data },
    bytes: data.length,
    mode: 0o644 as const,
    origin: { kind: 'entry' as const, inputs: [] },
  }));
  return { entries, packages: [], removals: [] };
}

async function makeTree(format: 'esm' | 'cjs', bundle?: string): Promise<Tree> {
  const code = bundle === undefined ? await bundleHandler(format) : Buffer.from(bundle);
  return treeOf({
    [`src/app.${format === 'esm' ? 'mjs' : 'cjs'}`]: code,
    'src/greeting.txt': Buffer.from('hello '),
    'src/node_modules/outside/index.js': Buffer.from(`module.exports = '!';`),
  });
}

const platformOf = (runtime: string, arch = HOST_ARCH): Platform => ({
  runtime: findRuntime(runtime),
  os: 'linux',
  arch,
  libc: 'glibc',
});

/** Downloads lie here for the tests of this file only; one folder, so that each Node.js is fetched once. */
function withCache<T>(use: (dir: string) => Promise<T>): Promise<T> {
  return withProject({}, use);
}

async function add(tree: Tree, platform: Platform, cacheDir: string): Promise<CompileCacheOutcome> {
  return withProject({}, workDir =>
    addCompileCache(tree, 'src/app.api.get', platform, makeContext(workDir, { cacheDir })),
  );
}

/** Imports the entry of an unpacked artifact as another user, from a read-only folder, with Lambda's flags. */
async function load(
  node: string,
  dir: string,
  entry: string,
  major: number,
): Promise<{ out: string; log: string }> {
  const script = `import(process.argv[1]).then(async m => console.log(JSON.stringify(await (m.api ?? m.default.api).get({ name: 'you' }))))`;
  const isRoot = process.getuid?.() === 0;
  const ran = spawnSync(node, [...nodeFlags(major, 512), '-e', script, join(dir, entry)], {
    encoding: 'utf8',
    cwd: '/',
    env: { NODE_DEBUG_NATIVE: 'COMPILE_CACHE', TMPDIR: join(dirname(dir), 'tmp') },
    ...(isRoot ? { uid: 993, gid: 990 } : {}),
  });
  assert.is(ran.status, 0, ran.stderr);
  return { out: ran.stdout, log: ran.stderr };
}

test('the cache is taken on every major that reads one, from a read-only folder and by another user', () =>
  withCache(async cacheDir => {
    for (const major of [22, 24]) {
      for (const format of ['esm', 'cjs'] as const) {
        const platform = platformOf(`nodejs${major}.x`);
        const outcome = await add(await makeTree(format), platform, cacheDir);
        assert.equal(outcome.findings, [], `${major} ${format}`);
        const { report } = outcome;
        assert.ok(report && report.bytes > 50_000 && report.runs > 1, `${major} ${format}`);
        assert.is(report.nodeVersion, findNodeVersion(String(major)));
        const ms = `${report.importMsBefore.toFixed(1)} → ${report.importMsAfter.toFixed(1)} ms`;
        console.error(`  nodejs${major}.x ${format}: ${report.bytes} bytes, import ${ms}`);

        const again = await add(await makeTree(format), platform, cacheDir);
        assert.equal(toBytes(again.tree), toBytes(outcome.tree), 'two builds give the same bytes');
        await checkUse(outcome.tree, format, major, cacheDir);
      }
    }
  }));

function toBytes(tree: Tree): readonly string[] {
  return tree.entries.map(entry =>
    entry.kind === 'file' && entry.source.kind === 'memory'
      ? `${entry.path} ${Buffer.from(entry.source.data).toString('base64')}`
      : entry.path,
  );
}

/** The artifact lies elsewhere than in /var/task here, so the cache is put under the name that it needs for that. */
async function checkUse(tree: Tree, format: 'esm' | 'cjs', major: number, cacheDir: string): Promise<void> {
  const node = await installNode(findNodeVersion(String(major)), HOST_ARCH, {
    dir: cacheDir,
    signal: new AbortController().signal,
  });
  const extension = format === 'esm' ? 'mjs' : 'cjs';
  await withProject({}, async room => {
    const dir = join(room, 'task');
    await mkdir(dir);
    await layOut(tree, dir);
    await mkdir(join(room, 'tmp'));
    await chmod(join(room, 'tmp'), 0o777);
    const key = cacheKey(`src/app.bundle.${extension}`);
    assert.equal(await readdir(join(dir, '.compile-cache')), [key]);
    const made = await readFile(join(dir, '.compile-cache', key));
    const here = cacheKey(`src/app.bundle.${extension}`, dir);
    await writeFile(join(dir, '.compile-cache', here), made);
    for (const folder of [room, cacheDir, dirname(dirname(dirname(dirname(node))))])
      await chmod(folder, 0o755);
    for (const folder of ['.compile-cache', 'src', '.']) await chmod(join(dir, folder), 0o555);

    const { out, log } = await load(node, dir, `src/app.${extension}`, major);
    assert.equal(JSON.parse(out), { hello: 'hello you!', flags: ['function', true] });
    assert.match(log, new RegExp(`app\\.bundle\\.${extension} was accepted`));
    for (const folder of ['.', 'src', '.compile-cache']) await chmod(join(dir, folder), 0o755);
  });
}

test('a cache that Node.js cannot use is no harm: other code loads as without it', () =>
  withCache(async cacheDir => {
    const { tree } = await add(await makeTree('esm'), platformOf('nodejs24.x'), cacheDir);
    await withProject({}, async dir => {
      await layOut(tree, dir);
      const key = cacheKey('src/app.bundle.mjs');
      await writeFile(join(dir, '.compile-cache', key), 'not a cache');
      const ran = spawnSync(
        process.execPath,
        ['-e', `import(process.argv[1]).then(m => console.log(typeof m.api.get))`, join(dir, 'src/app.mjs')],
        { encoding: 'utf8' },
      );
      assert.is(ran.stdout, 'function\n', ran.stderr);
    });
  }));

test('a runtime that reads no cache is refused', async () => {
  await rejects(
    add(await makeTree('esm', ''), platformOf('nodejs20.x'), '/nowhere'),
    'COMPILE_CACHE_UNSUPPORTED',
  );
  await rejects(
    add(await makeTree('esm', ''), platformOf('python3.12'), '/nowhere'),
    'COMPILE_CACHE_UNSUPPORTED',
  );
});

test('what is in the way leaves the tree as it was, and says why', () =>
  withCache(async cacheDir => {
    const runtime = platformOf('nodejs24.x');
    const other: Platform = { ...runtime, arch: HOST_ARCH === 'x64' ? 'arm64' : 'x64' };
    const cases: readonly (readonly [Tree, Platform, RegExp])[] = [
      [await makeTree('esm', 'export const api = 1;'), other, /this machine is/],
      [await makeTree('esm', `throw new Error('no database')`), runtime, /no database/],
      [await makeTree('esm', 'process.exit(0)'), runtime, /ended the process/],
      [treeOf({ 'src/other.mjs': Buffer.from('') }), runtime, /no bundled .mjs or .cjs/],
    ];
    for (const [tree, platform, reason] of cases) {
      const outcome = await add(tree, platform, cacheDir);
      assert.is(outcome.tree, tree);
      assert.is(outcome.report, null);
      assert.is(outcome.findings.length, 1);
      const [finding] = outcome.findings;
      assert.is(finding?.code, 'COMPILE_CACHE_LEFT_OUT');
      if (finding?.code === 'COMPILE_CACHE_LEFT_OUT') assert.match(finding.reason, reason);
    }
  }));

test.run();
