import { execFileSync } from 'node:child_process';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { archiveZip } from '../../src/archive/archive-zip.ts';
import { shareFiles } from '../../src/native/share-files.ts';
import type { Entry } from '../../src/types.ts';
import { toArtifactPath } from '../../src/util/path.ts';
import { elfOf } from '../helpers/elf.ts';
import { makeContext, withProject } from '../helpers/project.ts';

const NEVER = new AbortController().signal;

function file(path: string, data: Uint8Array, mode: 0o644 | 0o755 = 0o644): Entry {
  return {
    kind: 'file',
    path: toArtifactPath(path),
    source: { kind: 'memory', data },
    bytes: data.length,
    mode,
    origin: { kind: 'include', pattern: '**' },
  };
}

const share = (entries: readonly Entry[], libraries: readonly string[] = []) =>
  shareFiles(entries, new Map(libraries.map(path => [path, elfOf({})])), NEVER);

const big = (seed: number): Uint8Array => new Uint8Array(70_000).fill(seed);

test('equal libraries and equal data become one file; the links survive unzip', async () => {
  const entries = [
    file('a/libx.so', big(1)),
    file('a/libx.so.1', big(1)),
    file('b/libx.so.1.2', big(1)),
    file('m/one.bin', big(2)),
    file('m/two.bin', big(2)),
    file('m/three.bin', big(3)),
  ];
  const { entries: results, shared } = await share(entries, ['a/libx.so', 'a/libx.so.1', 'b/libx.so.1.2']);
  assert.equal(
    shared.map(({ path, target }) => [path, target]),
    [
      ['a/libx.so.1', 'a/libx.so'],
      ['b/libx.so.1.2', 'a/libx.so'],
      ['m/two.bin', 'm/one.bin'],
    ],
  );
  await withProject({}, async dir => {
    const outPath = join(dir, 'x.zip');
    const tree = { entries: results, packages: [], removals: [] };
    await archiveZip(tree, { outPath, level: 'fast' }, makeContext(dir));
    execFileSync('unzip', ['-q', outPath, '-d', join(dir, 'out')]);
    assert.ok((await lstat(join(dir, 'out/b/libx.so.1.2'))).isSymbolicLink());
    assert.is(await readlink(join(dir, 'out/b/libx.so.1.2')), '../a/libx.so');
    assert.equal(new Uint8Array(await readFile(join(dir, 'out/b/libx.so.1.2'))), big(1));
  });
});

test('code, small files, modules of Python, addons and files of other modes stay as they are', async () => {
  const entries = [
    file('a/x.js', big(1)),
    file('b/x.js', big(1)),
    file('a/small.bin', big(1).subarray(0, 100)),
    file('b/small.bin', big(1).subarray(0, 100)),
    file('a/_x.cpython-312-x86_64-linux-gnu.so', big(1)),
    file('b/_x.cpython-312-x86_64-linux-gnu.so', big(1)),
    file('a/x.node', big(1)),
    file('b/x.node', big(1)),
    file('a/libm.so', big(4)),
    file('b/libm.so', big(4), 0o755),
    file('a/tool', big(5), 0o755),
    file('b/tool', big(5), 0o755),
  ];
  const libraries = entries.map(({ path }) => path as string).filter(path => /\.so|\.node/.test(path));
  const { entries: results, shared } = await share(entries, libraries);
  assert.equal(shared, []);
  assert.equal(results, entries);
});

test('the same bytes with another size are not compared, equal sizes with other bytes are told apart', async () => {
  const almost = big(1);
  almost[69_999] = 2;
  const { shared } = await share([file('a/a.bin', big(1)), file('a/b.bin', almost)]);
  assert.equal(shared, []);
});

test.run();
