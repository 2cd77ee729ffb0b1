import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { archiveZip } from '../../src/archive/archive-zip.ts';
import { type BuiltResult, type Manifest, writeManifest } from '../../src/archive/manifest.ts';
import type { Artifact, ArtifactPath, Context, FileEntry, Runtime, Tree } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { readZipDirectory } from '../../src/zip/read-zip.ts';

const TEXT = 'export const handler = async () => 1;\n'.repeat(50);
const TREE: Tree = {
  entries: [
    textFile('index.mjs', TEXT),
    {
      kind: 'link',
      path: 'lib.so' as ArtifactPath,
      target: 'index.mjs',
      origin: { kind: 'include', pattern: '*' },
    },
  ],
  packages: [],
  removals: [
    { path: 'z.md', bytes: 3, rule: { id: 'common/docs', why: 'nobody reads it' }, package: 'z@1.0.0' },
    { path: 'a.map', bytes: 4, rule: { id: 'common/maps', why: 'debuggers only' } },
    { path: 'b.md', bytes: 5, rule: { id: 'common/docs', why: 'nobody reads it' } },
  ],
};

function textFile(path: string, text: string): FileEntry {
  return {
    kind: 'file',
    path: path as ArtifactPath,
    source: { kind: 'memory', data: Buffer.from(text) },
    bytes: Buffer.byteLength(text),
    mode: 0o644,
    origin: { kind: 'entry', inputs: ['src/index.ts'] },
  };
}

/** A context whose progress is written down. */
function makeContext(dir: string): { context: Context; log: unknown[] } {
  const log: unknown[] = [];
  const progress = {
    start: (title: string, total?: number) => log.push(['start', title, total]),
    tick: (amount: number) => log.push(['tick', amount]),
    done: () => log.push(['done']),
  };
  const signal = new AbortController().signal;
  return {
    context: { cwd: dir, env: {}, cacheDir: join(dir, 'cache'), workDir: dir, signal, progress },
    log,
  };
}

function makeResult(artifact: Artifact): BuiltResult {
  const runtime = { id: 'nodejs24.x', language: 'nodejs' } as Runtime;
  return {
    name: 'hello',
    handler: 'index.handler',
    platform: { runtime, os: 'linux', arch: 'arm64', libc: 'glibc' },
    artifact,
    tree: TREE,
    stages: [{ stage: 'archive', bytes: artifact.zippedBytes, files: artifact.files }],
    findings: [{ code: 'INCLUDE_MATCHED_NOTHING', level: 'warning', pattern: 'x/**' }],
    timings: [{ stage: 'archive', ms: 12.5 }],
    native: { files: [], shared: [], compressed: null },
    tmpMiB: 512,
    memoryMiB: 1024,
    timeoutMs: 30_000,
    exact: null,
    verification: null,
    compileCache: null,
    bytecode: null,
    efs: null,
    upToDate: false,
  };
}

test('a tree becomes an artifact, and its progress is told in bytes', () =>
  withTempDir(async dir => {
    const { context, log } = makeContext(dir);
    const outPath = join(dir, 'out', 'function.zip');
    const artifact = await archiveZip(TREE, { outPath, level: 'best' }, context);
    assert.is(artifact.path, outPath);
    assert.equal(
      (await readZipDirectory(outPath)).entries.map(({ path, bytes }) => [path, bytes]),
      [
        ['index.mjs', TEXT.length],
        ['lib.so', 'index.mjs'.length],
      ],
    );
    assert.equal(log, [['start', 'compress', TEXT.length], ['tick', TEXT.length], ['done']]);
  }));

test('the manifest tells all of a build but times and places', () =>
  withTempDir(async dir => {
    const { context } = makeContext(dir);
    const artifact = await archiveZip(TREE, { outPath: join(dir, 'function.zip'), level: 'best' }, context);
    const path = join(dir, 'out', 'function.json');
    await writeManifest(path, makeResult(artifact), { name: 'lambda-slim', version: '1.2.3' });
    const text = await readFile(path, 'utf8');
    const manifest = JSON.parse(text) as Manifest;
    assert.is(manifest.schema, 1);
    assert.equal(manifest.tool, { name: 'lambda-slim', version: '1.2.3' });
    assert.equal(
      [manifest.name, manifest.handler, manifest.runtime, manifest.arch],
      ['hello', 'index.handler', 'nodejs24.x', 'arm64'],
    );
    const { path: _, entries, ...facts } = artifact;
    assert.equal(manifest.artifact, { file: 'function.zip', ...facts });
    assert.equal(manifest.entries, [
      { ...entries[0], mode: '0644', origin: { kind: 'entry', inputs: ['src/index.ts'] } },
      { ...entries[1], mode: 'link', origin: { kind: 'include', pattern: '*' } },
    ]);
    assert.equal(manifest.removals, [
      { path: 'a.map', bytes: 4, rule: 'common/maps' },
      { path: 'b.md', bytes: 5, rule: 'common/docs' },
      { path: 'z.md', bytes: 3, rule: 'common/docs', package: 'z@1.0.0' },
    ]);
    assert.equal(manifest.rules, { 'common/docs': 'nobody reads it', 'common/maps': 'debuggers only' });
    assert.is(manifest.findings[0]?.code, 'INCLUDE_MATCHED_NOTHING');
    assert.not.match(text, dir);
    assert.not.match(text, '12.5');
    assert.equal(await readdir(join(dir, 'out')), ['function.json']);
  }));

test.run();
