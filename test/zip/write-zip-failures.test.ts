import { appendFile, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exec } from '../../src/util/exec.ts';
import { BLOCK_BYTES } from '../../src/zip/compressor.ts';
import { writeZip } from '../../src/zip/write-zip.ts';
import { rejects } from '../helpers/rejects.ts';
import { diskFile, memoryFile, type Room, withRoom } from './fixtures.ts';
import { makeBytes, makeText } from './sample-data.ts';

/** Nothing but the folders of the room, and no temporary file in them. */
async function assertNothingLeft({ dir }: Room): Promise<void> {
  const left = (await readdir(dir, { recursive: true })).filter(
    path => path.endsWith('.partial') || path.endsWith('.zip') || path.startsWith('work/'),
  );
  assert.equal(left, []);
}

for (const [name, bytes] of [
  ['small', 100],
  ['large', BLOCK_BYTES * 2],
] as const) {
  test(`a ${name} file that changed or went away is FILE_CHANGED`, () =>
    withRoom(async room => {
      for (const options of [room.options, room.cached]) {
        const file = join(room.dir, 'in/a');
        const other = memoryFile('b', makeText(1000, 2));
        let entry = await diskFile(room.dir, 'in/a', makeText(bytes, 1));
        await appendFile(file, 'more');
        await rejects(writeZip(room.out, [entry, other], options), 'FILE_CHANGED');
        entry = await diskFile(room.dir, 'in/a', makeText(bytes, 1));
        await utimes(file, 1, 1);
        await rejects(writeZip(room.out, [entry, other], options), 'FILE_CHANGED');
        await rm(file);
        await rejects(writeZip(room.out, [entry, other], options), 'FILE_CHANGED');
        await mkdir(file);
        await rejects(writeZip(room.out, [entry, other], options), 'FILE_CHANGED');
        await rm(file, { recursive: true });
        await assertNothingLeft(room);
      }
    }));
}

test('a file that changes while it is read is FILE_CHANGED', () =>
  withRoom(async room => {
    const entry = await diskFile(room.dir, 'in/a', makeText(BLOCK_BYTES * 4, 1));
    let changing: Promise<void> | undefined;
    const onBytes = () => {
      changing ??= appendFile(join(room.dir, 'in/a'), 'more');
    };
    await rejects(writeZip(room.out, [entry], { ...room.options, level: 'max', onBytes }), 'FILE_CHANGED');
    await changing;
    await assertNothingLeft(room);
  }));

test('the failure of a later file is the one that is told, and stops the earlier ones', () =>
  withRoom(async room => {
    const large = await diskFile(room.dir, 'in/a', makeText(BLOCK_BYTES * 8, 1));
    const gone = {
      ...large,
      path: 'z' as typeof large.path,
      source: { kind: 'disk', path: join(room.dir, 'gone'), mtimeMs: 0 },
    } as const;
    let done = 0;
    const onBytes = (bytes: number) => {
      done += bytes;
    };
    await rejects(
      writeZip(room.out, [large, gone], { ...room.options, level: 'max', onBytes }),
      'FILE_CHANGED',
    );
    assert.ok(done < large.bytes);
    await assertNothingLeft(room);
  }));

test('a source that cannot be read is FILE_UNREADABLE', () =>
  withRoom(async room => {
    const entry = await diskFile(room.dir, 'in/a', 'x');
    await rm(join(room.dir, 'in/a'));
    await symlink('a', join(room.dir, 'in/a'));
    await rejects(writeZip(room.out, [entry], room.options), 'FILE_UNREADABLE');
  }));

test('a cancelled zip leaves nothing', () =>
  withRoom(async room => {
    for (const options of [room.options, room.cached]) {
      const entry = await diskFile(room.dir, 'in/a', makeText(BLOCK_BYTES * 6, 1));
      const stop = new AbortController();
      const onBytes = () => stop.abort();
      await rejects(
        writeZip(room.out, [entry, memoryFile('b', 'x')], { ...options, signal: stop.signal, onBytes }),
        'CANCELLED',
      );
      await rejects(writeZip(room.out, [entry], { ...options, signal: stop.signal }), 'CANCELLED');
      await assertNothingLeft(room);
    }
  }));

test('a failed zip leaves the old one as it was', () =>
  withRoom(async room => {
    await writeZip(room.out, [memoryFile('a', 'old')], room.options);
    const old = await readFile(room.out);
    const entry = await diskFile(room.dir, 'in/a', 'x');
    await rm(join(room.dir, 'in/a'));
    await rejects(writeZip(room.out, [entry], room.options), 'FILE_CHANGED');
    assert.ok((await readFile(room.out)).equals(old));
  }));

test('a folder in the way of the zip is OUTPUT_UNWRITABLE, a file in the way of the cache CACHE_UNWRITABLE', () =>
  withRoom(async room => {
    await mkdir(join(room.dir, 'out', 'a.zip'), { recursive: true });
    await rejects(writeZip(room.out, [memoryFile('a', 'x')], room.options), 'OUTPUT_UNWRITABLE');
    await writeFile(join(room.dir, 'cache'), '');
    const out = join(room.dir, 'out2', 'a.zip');
    await rejects(writeZip(out, [memoryFile('a', 'x')], room.cached), 'CACHE_UNWRITABLE');
  }));

test('a full disk is told, for the zip and for the cache, and leaves nothing', () =>
  withRoom(async room => {
    const full = join(room.dir, 'full');
    await mkdir(full);
    try {
      await exec('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', full], { cwd: room.dir });
    } catch {
      console.log('skipped: no file system can be mounted here');
      return;
    }
    try {
      const entry = await diskFile(room.dir, 'in/a', makeBytes(BLOCK_BYTES * 2, 1));
      await rejects(writeZip(join(full, 'a.zip'), [entry], room.options), 'OUTPUT_UNWRITABLE');
      await rejects(writeZip(room.out, [entry], { ...room.options, workDir: full }), 'CACHE_UNWRITABLE');
      await rejects(writeZip(room.out, [entry], { ...room.options, cacheDir: full }), 'CACHE_UNWRITABLE');
      const left = (await readdir(full, { recursive: true })).filter(path =>
        /\.(partial|zip|deflate)$/.test(path),
      );
      assert.equal(left, []);
      await exec('mount', ['-o', 'remount,ro', full], { cwd: room.dir });
      await rejects(writeZip(join(full, 'a.zip'), [entry], room.options), 'OUTPUT_UNWRITABLE');
    } finally {
      await exec('umount', [full], { cwd: room.dir });
    }
  }));

test.run();
