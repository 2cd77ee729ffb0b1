import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CHUNK_BYTES } from '../../src/codec/chunk-ranges.ts';
import type { LibraryIndex } from '../../src/codec/library-index.ts';
import type { EncodeOptions } from '../../src/codec/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { codeLike, memory, put, writeCompressed } from '../helpers/compressed-artifact.ts';

const OPTIONS: EncodeOptions = { format: 'brotli', arch: 'x64', branchFilter: true, level: 'fast' };
const ADDON = 'node_modules/x/build/x.node';
const INFLATED = 'node_modules/x/build/big.node';
const LIBRARY = 'node_modules/x/lib/libx.so.1';

/** More than one chunk, so that threads have something to do. */
const CODE = new Uint8Array(CHUNK_BYTES + 300_000);
CODE.set(codeLike(300_000), CHUNK_BYTES - 100_000);
const BIG = codeLike(50_000, 7);

/** All artifacts have the same libraries: they are compressed once. */
const CACHE = await mkdtemp(join(tmpdir(), 'lambda-slim-'));
test.after(() => rm(CACHE, { recursive: true }));

interface Artifact {
  readonly root: string;
  readonly tmp: string;
  readonly index: LibraryIndex;
}

async function layOut(dir: string, options: EncodeOptions = OPTIONS): Promise<Artifact> {
  const [root, tmp] = [join(dir, 'task'), join(dir, 'tmp')];
  await mkdir(tmp, { recursive: true });
  await put(join(root, ADDON), 'the addon');
  await put(join(root, INFLATED), '');
  const libraries = [
    { path: LIBRARY, source: memory(CODE) },
    { path: INFLATED, source: memory(BIG) },
  ];
  const links = [{ path: ADDON, target: ADDON }];
  const index = await writeCompressed(root, { libraries, links, addons: [ADDON, INFLATED] }, options, CACHE);
  return { root, tmp, index };
}

/** Runs code with the shim loaded, and a `process.dlopen` below it that prints what it is given. */
function start(
  { root, tmp }: Artifact,
  code: string,
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): ChildProcess {
  const program = `
    process.dlopen = function (module, file, ...flags) {
      console.log(JSON.stringify([file, flags, this === process, module.name]));
    };
    const root = ${JSON.stringify(root)};
    const load = (path, ...flags) => process.dlopen({ name: 'm' }, require('node:path').join(root, path), ...flags);
    require(root + '/.lambda-slim/inflate.cjs');
    ${code}`;
  return spawn(process.execPath, [...flags, '-e', program], {
    env: { TMPDIR: tmp, PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface Ended {
  readonly calls: readonly (readonly [string, readonly number[], boolean, string])[];
  readonly stderr: string;
  readonly exitCode: number | null;
}

async function finish(child: ChildProcess): Promise<Ended> {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (part: string) => {
      text[name] += part;
    });
  }
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return {
    calls: text.stdout
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line)),
    stderr: text.stderr,
    exitCode,
  };
}

const run = (
  artifact: Artifact,
  code: string,
  env?: Readonly<Record<string, string>>,
  flags?: readonly string[],
): Promise<Ended> => finish(start(artifact, code, env, flags));

const mirrorOf = ({ tmp, index }: Artifact): string => join(tmp, 'lambda-slim', index.id);

async function assertMirror(artifact: Artifact): Promise<void> {
  const mirror = mirrorOf(artifact);
  assert.ok((await readFile(join(mirror, LIBRARY))).equals(CODE), 'the library is whole');
  assert.ok((await readFile(join(mirror, INFLATED))).equals(BIG), 'the addon is whole');
  assert.is((await stat(join(mirror, LIBRARY))).mode & 0o777, 0o755);
  assert.is(await readlink(join(mirror, ADDON)), join(artifact.root, ADDON));
  assert.equal(await readdir(join(artifact.tmp, 'lambda-slim')), [artifact.index.id], 'nothing else is left');
}

test('addons are loaded from the mirror, everything else as ever', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir);
    await put(join(artifact.root, 'other.node'), '');
    const { calls, stderr } = await run(
      artifact,
      `load('other.node', 2); load('${ADDON}'); load('${INFLATED}', 1)`,
    );
    assert.is(stderr, '');
    assert.equal(calls, [
      [join(artifact.root, 'other.node'), [2], true, 'm'],
      [join(mirrorOf(artifact), ADDON), [], true, 'm'],
      [join(mirrorOf(artifact), INFLATED), [1], true, 'm'],
    ]);
    await assertMirror(artifact);
  }));

test('nothing is inflated before an addon is asked for', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir);
    await run(artifact, `load('other.node')`);
    assert.equal(await readdir(artifact.tmp), []);
  }));

test('addons are found through links', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir);
    await symlink('x', join(artifact.root, 'node_modules/y'));
    await symlink(artifact.root, join(dir, 'current'));
    const other = { ...artifact, root: join(dir, 'current') };
    const { calls } = await run(other, `load('node_modules/y/build/x.node')`);
    assert.is(calls[0]?.[0], join(mirrorOf(artifact), ADDON));
    await assertMirror(artifact);
  }));

test('a second process takes what is there, and says nothing of it', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir);
    const debug = { LAMBDA_SLIM_DEBUG: '1' };
    const first = await run(artifact, `load('${ADDON}'); load('${ADDON}')`, debug);
    assert.match(first.stderr, /^lambda-slim: inflated 18 MB into \S+ in \d+ ms\n$/);
    const before = await stat(join(mirrorOf(artifact), LIBRARY));
    const second = await run(artifact, `load('${ADDON}')`, debug);
    assert.is(second.stderr, '');
    assert.is((await stat(join(mirrorOf(artifact), LIBRARY))).ino, before.ino);
  }));

test('two processes at once end with the same files', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir);
    const both = await Promise.all([1, 2, 3].map(() => run(artifact, `load('${ADDON}')`)));
    for (const { stderr, calls } of both) {
      assert.is(stderr, '');
      assert.is(calls[0]?.[0], join(mirrorOf(artifact), ADDON));
    }
    await assertMirror(artifact);
  }));

test('what a killed process left is removed, what a living one is at is not', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir);
    const child = start(artifact, `load('${ADDON}')`);
    const all = join(artifact.tmp, 'lambda-slim');
    for (let names: string[] = []; names.length === 0; ) {
      names = await readdir(all).catch(() => []);
      assert.is(child.exitCode, null);
    }
    child.kill('SIGKILL');
    await finish(child);
    const [left] = await readdir(all);
    assert.match(String(left), /\.partial$/);
    const living = `${'0'.repeat(64)}.${process.pid}.abc123.partial`;
    const old = `${'0'.repeat(64)}.${process.pid}.abc124.partial`;
    for (const name of [living, old]) await put(join(all, name, 'x'), '');
    await utimes(join(all, old), 1e9, 1e9);
    assert.is((await run(artifact, `load('${ADDON}')`)).stderr, '');
    assert.equal((await readdir(all)).sort(), [living, artifact.index.id].sort());
  }));

test('a damaged blob is named, and nothing half is left', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir);
    const blob = join(artifact.root, '.lambda-slim/0-libx.so.1.brotli');
    const bytes = await readFile(blob);
    for (const damage of [bytes.subarray(0, bytes.length - 9), Buffer.from(bytes).fill(0x55, 20, 40)]) {
      await writeFile(blob, damage);
      const { stderr, calls, exitCode } = await run(artifact, `load('${ADDON}')`);
      assert.is(exitCode, 1);
      assert.equal(calls, []);
      assert.match(stderr, /lambda-slim: \S+\/0-libx\.so\.1\.brotli is damaged\./);
      assert.equal(await readdir(join(artifact.tmp, 'lambda-slim')), []);
    }
  }));

test('a wrong check sum is damage', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir);
    const path = join(artifact.root, '.lambda-slim/index.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/"crc32":\d+/, '"crc32":1'));
    const { stderr } = await run(artifact, `load('${ADDON}')`);
    assert.match(stderr, /is damaged/);
  }));

test('too little room is told before anything is written, with what it takes', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir);
    const path = join(artifact.root, '.lambda-slim/index.json');
    const index = await readFile(path, 'utf8');
    await writeFile(path, index.replace(/"bytes":\d+/, '"bytes":900000000000000'));
    const { stderr } = await run(artifact, `load('${ADDON}')`);
    assert.match(stderr, /take 900000000 MB of \S+, where \d+ MB are free\. Raise .*EphemeralStorage/);
    assert.equal(await readdir(join(artifact.tmp, 'lambda-slim')), []);
  }));

test('a copy of the artifact elsewhere does not use the links of the first one', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir);
    await run(artifact, `load('${ADDON}')`);
    await mkdir(join(dir, 'second'));
    const second = await layOut(join(dir, 'second'));
    assert.is(second.index.id, artifact.index.id);
    const { calls } = await run({ ...second, tmp: artifact.tmp }, `load('${ADDON}')`);
    assert.is.not(calls[0]?.[0], join(mirrorOf(artifact), ADDON));
    assert.is(await readlink(calls[0]?.[0] as string), join(second.root, ADDON));
  }));

test('loaded twice, it wraps once', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir);
    const { calls } = await run(
      artifact,
      `const once = process.dlopen;
       for (const key of Object.keys(require.cache)) delete require.cache[key];
       require(root + '/.lambda-slim/inflate.cjs');
       console.log(JSON.stringify([String(once === process.dlopen), [], true, '']))`,
    );
    assert.is(calls[0]?.[0], 'true');
  }));

test('arm64 libraries come back too', () =>
  withTempDir(async dir => {
    const words = new Uint32Array(100_000).map((_, at) =>
      at % 3 === 0 ? 0xd503201f : 0x94000000 | (((at % 7) * 4096 - at) & 0x3ffffff),
    );
    const code = new Uint8Array(words.buffer);
    const root = join(dir, 'task');
    await mkdir(join(dir, 'tmp'));
    await put(join(root, INFLATED), '');
    const parts = { libraries: [{ path: INFLATED, source: memory(code) }], links: [], addons: [INFLATED] };
    const index = await writeCompressed(root, parts, { ...OPTIONS, arch: 'arm64' });
    assert.is(index.files[0]?.chunks[0]?.filter, 'arm64');
    const artifact = { root, tmp: join(dir, 'tmp'), index };
    assert.is((await run(artifact, `load('${INFLATED}')`)).stderr, '');
    assert.ok((await readFile(join(mirrorOf(artifact), INFLATED))).equals(code));
  }));

test('a Node.js without zstd says which one has it; one with it inflates', () =>
  withTempDir(async dir => {
    const artifact = await layOut(dir, { ...OPTIONS, format: 'zstd' });
    const { stderr } = await run(artifact, `load('${ADDON}')`);
    if ('zstdDecompressSync' in (await import('node:zlib'))) await assertMirror(artifact);
    else assert.match(stderr, /Node\.js v\S+ cannot inflate zstd, which 22\.15/);
  }));

test('threads and processes that the function starts are served as well', () =>
  withTempDir(async dir => {
    const artifact = await layOut(join(dir, 'with space'));
    const isServed = `process[Symbol.for('lambda-slim ' + ${JSON.stringify(join(artifact.root, '.lambda-slim'))})] === true`;
    await put(
      join(dir, 'child.cjs'),
      `console.log(JSON.stringify(['child', [], ${isServed}, process.execArgv.join()]));`,
    );
    const file = JSON.stringify(join(dir, 'child.cjs'));
    const { calls, stderr } = await run(
      artifact,
      `const { Worker } = require('node:worker_threads');
       const worker = new Worker(${file});
       worker.on('exit', () => new Worker(${file}, { execArgv: ['--no-warnings'] }).on('exit', () =>
         require('node:child_process').fork(${file}).on('exit', () =>
           console.log(JSON.stringify(['class', [], worker instanceof Worker && Worker.name === 'Worker', ''])))));`,
      {},
      ['--expose-gc', '--max-semi-space-size=16', '--no-experimental-require-module'],
    );
    assert.is(stderr, '');
    assert.equal(
      calls.map(([name, , is]) => [name, is]),
      [
        ['child', true],
        ['child', true],
        ['child', true],
        ['class', true],
      ],
    );
    assert.match(calls[1]?.[3] ?? '', '--no-warnings');
  }));

test.run();
