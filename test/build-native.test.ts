import { copyFile, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildFunction } from '../src/build-function.ts';
import type { BuildResult, ResolvedFunction } from '../src/types.ts';
import { withTempDir } from '../src/util/fs.ts';
import { unpackZip } from '../src/zip/unpack-zip.ts';
import { makeContext, makeFunction, withProject } from './helpers/project.ts';

const signal = new AbortController().signal;
const CODE = { 'package.json': '{ "name": "app" }', 'index.mjs': 'export const handler = async () => 1;' };

/** A project with copies of ELF fixtures in it, all of them included. */
const withLibraries = (files: Readonly<Record<string, string>>, use: (dir: string) => Promise<void>) =>
  withProject(CODE, async dir => {
    for (const [path, fixture] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await copyFile(join('fixtures/elf', fixture), join(dir, path));
    }
    await use(dir);
  });

function buildIn(dir: string, options: Partial<ResolvedFunction> = {}): Promise<BuildResult> {
  const fn = makeFunction(dir, { include: ['lib/**', 'bad/**'], ...options });
  return withTempDir(workDir => buildFunction(fn, join(dir, 'out/function.zip'), makeContext(workDir)));
}

const outcomes = ({ native }: BuildResult) => native.files.map(({ path, outcome }) => [path, outcome]);

test('a build strips, shares and judges, and the manifest says what came of each file', () =>
  withLibraries(
    {
      'lib/libtiny.so': 'libtiny.so.1',
      'lib/libtiny.so.1': 'libtiny.so.1',
      'bad/libtiny.so.1': 'libtiny-aarch64.so',
    },
    async dir => {
      const result = await buildIn(dir);
      assert.equal(outcomes(result), [
        ['bad/libtiny.so.1', 'stripped'],
        ['lib/libtiny.so', 'stripped'],
        ['lib/libtiny.so.1', 'stripped'],
      ]);
      assert.equal(
        result.native.shared.map(({ path, target }) => [path, target]),
        [['lib/libtiny.so.1', 'lib/libtiny.so']],
      );
      const wrong = result.findings.find(({ code }) => code === 'ARCH_MISMATCH');
      assert.ok(wrong && 'paths' in wrong);
      assert.equal(wrong.paths, ['bad/libtiny.so.1']);
      const manifest = JSON.parse(await readFile(join(dir, 'out/function.manifest.json'), 'utf8'));
      assert.equal(manifest.native.files, result.native.files);
      assert.equal(manifest.native.shared, result.native.shared);

      const task = join(dir, 'task');
      await unpackZip(join(dir, 'out/function.zip'), task, { maxBytes: 1e9, signal });
      const original = await readFile('fixtures/elf/libtiny.so.1');
      const shipped = await readFile(join(task, 'lib/libtiny.so.1'));
      assert.ok(shipped.length < original.length);
      assert.is(
        (await stat(join(task, 'lib/libtiny.so.1'))).ino,
        (await stat(join(task, 'lib/libtiny.so'))).ino,
      );
      assert.equal(await readFile(join(dir, 'lib/libtiny.so.1')), original, 'the original is untouched');
    },
  ));

test('switched off, libraries travel as they are', () =>
  withLibraries({ 'lib/libtiny.so': 'libtiny.so.1', 'lib/libtiny.so.1': 'libtiny.so.1' }, async dir => {
    const native = { strip: false, stripExcept: [], dedupe: false, compress: null };
    const result = await buildIn(dir, { native });
    assert.equal(
      outcomes(result).map(([, outcome]) => outcome),
      ['kept: switched off', 'kept: switched off'],
    );
    assert.equal(result.native.shared, []);
    const task = join(dir, 'task');
    await unpackZip(join(dir, 'out/function.zip'), task, { maxBytes: 1e9, signal });
    assert.equal(await readFile(join(task, 'lib/libtiny.so')), await readFile('fixtures/elf/libtiny.so.1'));
  }));

test('a library that somebody damaged is told, with its file', () =>
  withLibraries({ 'lib/libpatched.so': 'libpatched-gnu.so' }, async dir => {
    const found = (await buildIn(dir)).findings.find(({ code }) => code === 'STRIP_DAMAGED');
    assert.ok(found && 'paths' in found);
    assert.equal([found.level, found.paths], ['error', ['lib/libpatched.so']]);
  }));

test.run();
