import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { archiveTar } from '../../src/archive/archive-tar.ts';
import type { FileEntry } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { generatedEntry } from '../../src/util/generated-entry.ts';
import { toArtifactPath } from '../../src/util/path.ts';
import { makeContext } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const LONG = `${'a'.repeat(90)}/${'b'.repeat(90)}/${'c'.repeat(90)}.txt`;

/** Bytes that compress, but not to nothing, more than one block of them. */
function makeBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count; at++) bytes[at] = (at * at) >> 7;
  return bytes;
}

const BIG = makeBytes(5_000_001);

async function makeEntries(dir: string): Promise<readonly FileEntry[]> {
  const path = join(dir, 'big.bin');
  await writeFile(path, BIG);
  const { mtimeMs } = await stat(path);
  const disk: FileEntry = {
    kind: 'file',
    path: toArtifactPath('model.pth'),
    source: { kind: 'disk', path, mtimeMs },
    bytes: BIG.length,
    mode: 0o755,
    origin: { kind: 'include', pattern: '**' },
  };
  const made = [LONG, 'code/ünïcode ☃.py', 'code/empty.py', 'z'].map(name =>
    generatedEntry(name, Buffer.from(name === 'code/empty.py' ? '' : `# ${name}\n`), 'test'),
  );
  return [disk, ...made];
}

const tar = (...args: readonly string[]): string =>
  spawnSync('tar', [...args], { encoding: 'utf8', env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' } })
    .stdout;

test('tar reads it: files at the root, in order, owner 0, time 0, plain modes', () =>
  withTempDir(async dir => {
    const outPath = join(dir, 'out', 'model.tar.gz');
    const made = await archiveTar(await makeEntries(dir), { outPath, level: 'fast' }, makeContext(dir));
    const lines = tar('--numeric-owner', '--full-time', '-tvzf', outPath).trim().split('\n');
    const names = [LONG, 'code/empty.py', 'code/ünïcode ☃.py', 'model.pth', 'z'];
    assert.equal(
      lines.map(line => line.replace(/ +/g, ' ').split(' ').slice(0, 2).join(' ')),
      names.map(name => `${name === 'model.pth' ? '-rwxr-xr-x' : '-rw-r--r--'} 0/0`),
    );
    assert.ok(lines.every(line => line.includes(' 1970-01-01 00:00:00 ')));
    assert.is(spawnSync('gzip', ['-t', outPath]).status, 0);
    spawnSync('tar', ['-xzf', outPath, '-C', join(dir, 'out')]);
    assert.ok((await readFile(join(dir, 'out', 'model.pth'))).equals(BIG));
    assert.is(await readFile(join(dir, 'out', LONG), 'utf8'), `# ${LONG}\n`);
    const bytes = await readFile(outPath);
    assert.equal(
      [made.sha256, made.bytes, made.files],
      [createHash('sha256').update(bytes).digest('hex'), bytes.length, 5],
    );
    assert.is(
      made.unpackedBytes,
      BIG.length +
        Buffer.byteLength(
          names.flatMap(n => (n === 'model.pth' || n === 'code/empty.py' ? [] : [`# ${n}\n`])).join(''),
        ),
    );
  }));

test('the same files give the same bytes, whatever their times, order and place; a level gives its own', () =>
  withTempDir(async dir => {
    const entries = await makeEntries(dir);
    const pack = async (name: string, given: readonly FileEntry[], level: 'fast' | 'best' = 'fast') =>
      (await archiveTar(given, { outPath: join(dir, name), level }, makeContext(dir))).sha256;
    const first = await pack('a.tar.gz', entries);
    await utimes(join(dir, 'big.bin'), 1, 1);
    assert.is(await pack('b.tar.gz', entries.toReversed()), first);
    assert.is.not(await pack('c.tar.gz', entries, 'best'), first);
    // Held to these bytes on every system and every Node.js.
    const small = [
      generatedEntry(
        'code/inference.py',
        Buffer.from('def model_fn(model_dir):\n    return 1\n'.repeat(50)),
        'test',
      ),
    ];
    assert.is(
      await pack('d.tar.gz', small),
      '05e0c4a2f5c06d8eddd08de8ccc40b3778e3cdcf8781c0516a178d1b0a1a761c',
    );
  }));

test('what cannot be read, changed meanwhile or would lie twice leaves nothing behind', () =>
  withTempDir(async dir => {
    const [disk, ...made] = await makeEntries(dir);
    const outPath = join(dir, 'out', 'model.tar.gz');
    const pack = (entries: readonly (FileEntry | undefined)[]) =>
      archiveTar(
        entries.filter(entry => entry !== undefined),
        { outPath, level: 'fast' },
        makeContext(dir),
      );
    await rejects(pack([...made, made[0]]), 'DUPLICATE_PATH');
    await writeFile(join(dir, 'big.bin'), 'short');
    await rejects(pack([disk, ...made]), 'FILE_CHANGED');
    const gone = disk && { ...disk, source: { kind: 'disk', path: join(dir, 'gone'), mtimeMs: 0 } as const };
    await rejects(pack([gone, ...made]), 'FILE_UNREADABLE');
    const stopped = new AbortController();
    stopped.abort();
    const context = makeContext(dir, { signal: stopped.signal });
    await rejects(archiveTar(made, { outPath, level: 'fast' }, context), 'CANCELLED');
    assert.equal(await readdir(join(dir, 'out')), []);
  }));

test.run();
