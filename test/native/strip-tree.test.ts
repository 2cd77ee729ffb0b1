import { copyFile, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openFileSource } from '../../src/elf/byte-sources.ts';
import { verifyStripped } from '../../src/elf/verify-stripped.ts';
import { stripTree } from '../../src/native/strip-tree.ts';
import type { FileEntry } from '../../src/types.ts';
import { toArtifactPath } from '../../src/util/path.ts';
import { makeContext, withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

type DiskEntry = FileEntry & { readonly source: { readonly kind: 'disk'; readonly path: string } };

async function entryAt(file: string, path: string): Promise<DiskEntry> {
  const { size, mtimeMs } = await stat(file);
  const source = { kind: 'disk', path: file, mtimeMs } as const;
  const origin = { kind: 'include', pattern: '**' } as const;
  return { kind: 'file', path: toArtifactPath(path), source, bytes: size, mode: 0o755, origin };
}

/** A folder with copies of fixtures, whatever names they get; `use` sees their entries. */
const withFiles = (
  files: Readonly<Record<string, string>>,
  use: (entries: DiskEntry[], dir: string) => Promise<void>,
) =>
  withProject({ text: 'no library' }, async dir => {
    const entries = [await entryAt(join(dir, 'text'), 'text')];
    for (const [path, fixture] of Object.entries(files)) {
      const file = join(dir, 'user', path);
      await mkdir(join(file, '..'), { recursive: true });
      await copyFile(join('fixtures/elf', fixture), file);
      entries.push(await entryAt(file, path));
    }
    await use(entries, dir);
  });

const NONE = () => null;

test('ELF files are stripped whatever their names, and nothing of the user is changed', () =>
  withFiles({ 'lib/libtiny.so.1': 'libtiny.so.1', 'tool.txt': 'program' }, async (entries, dir) => {
    const before = await readFile(join(dir, 'user/lib/libtiny.so.1'));
    const { entries: results, files } = await stripTree(entries, NONE, makeContext(join(dir, 'work')));
    assert.is(results[0], entries[0]);
    assert.equal(
      files.map(({ path, outcome }) => [path, outcome]),
      [
        ['lib/libtiny.so.1', 'stripped'],
        ['tool.txt', 'stripped'],
      ],
    );
    for (const [at, file] of files.entries()) {
      const result = results[at + 1] as DiskEntry;
      assert.is(result.bytes, file.bytesAfter);
      assert.ok(file.bytesAfter < file.bytesBefore, file.path);
      assert.is(result.mode, 0o755);
      assert.is(result.source.kind, 'disk');
      const { path } = result.source;
      assert.is((await stat(path)).size, result.bytes);
      assert.equal(
        verifyStripped(openFileSource(entries[at + 1]?.source.path ?? ''), openFileSource(path)),
        [],
      );
    }
    assert.equal(await readFile(join(dir, 'user/lib/libtiny.so.1')), before);
  }));

test('what a rule speaks for, and what is no sound library, keeps its bytes with a reason', () =>
  withFiles({ 'a.so': 'libtiny.so.1', 'b.so': 'libbare-i386.so' }, async (entries, dir) => {
    const rules = (path: string): string | null => (path === 'a.so' ? 'somebody said so' : null);
    const { entries: results, files } = await stripTree(entries, rules, makeContext(join(dir, 'work')));
    assert.equal(results, entries);
    assert.equal([files[0]?.outcome, files[0]?.reason], ['kept: switched off', 'somebody said so']);
    assert.is(files[1]?.outcome, 'kept: not understood');
    assert.ok(files[1]?.reason);
  }));

test('a library that was stripped once has nothing more to strip', () =>
  withFiles({ 'a.so': 'libtiny.so.1' }, async (entries, dir) => {
    const once = await stripTree(entries, NONE, makeContext(join(dir, 'one')));
    const twice = await stripTree(once.entries, NONE, makeContext(join(dir, 'two')));
    assert.is(twice.files[0]?.outcome, 'nothing to strip');
    assert.equal(twice.entries, once.entries);
  }));

test('a file that changed or went since it was listed is told by name; a cancelled run stops', () =>
  withFiles({ 'a.so': 'libtiny.so.1' }, async (entries, dir) => {
    const grown = entries.map(entry => ({ ...entry, bytes: entry.bytes + 1 }));
    await rejects(stripTree(grown, NONE, makeContext(join(dir, 'work'))), 'FILE_CHANGED');
    const gone = entries.map(entry => ({
      ...entry,
      source: { kind: 'disk', path: join(dir, 'gone'), mtimeMs: 1 } as const,
    }));
    await rejects(stripTree(gone, NONE, makeContext(join(dir, 'work'))), 'FILE_CHANGED');
    const signal = AbortSignal.abort();
    await rejects(stripTree(entries, NONE, makeContext(join(dir, 'work'), { signal })), 'CANCELLED');
  }));

test.run();
