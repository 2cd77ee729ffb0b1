import { appendFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openFolderSource } from '../../src/bundle/folder-source.ts';
import { inflate } from '../../src/bundle/inflate.ts';
import { chunkKey, manifestKey } from '../../src/bundle/keys.ts';
import { parsePointer } from '../../src/bundle/parse-pointer.ts';
import { readManifest } from '../../src/bundle/read-manifest.ts';
import { ZSTD_VERSION } from '../../src/codec/zstd.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { rejects } from '../helpers/rejects.ts';
import { makeBytes, makeText } from '../zip/sample-data.ts';
import { diskInput, linkInput, memoryInput, sha256, snapshot, unpack, write } from './fixtures.ts';

const MIB = 1024 * 1024;
/** Does not get smaller at level 1, which looks back less than a mebibyte. */
const MODEL = Buffer.alloc(40 * MIB, makeBytes(MIB, 1));

/** Large enough for a chunk of its own. */
const LARGE = MODEL.subarray(0, 8 * MIB + 1);

test('a bundle holds each file, its mode and its links; what reads it finds the same', () =>
  withTempDir(async dir => {
    const out = join(dir, 'a.bundle');
    const big = await diskInput(dir, 'model/model.onnx', MODEL, 'model');
    const small = Array.from({ length: 300 }, (_, i) =>
      memoryInput(`node_modules/p${i % 9}/f${i}.js`, makeText(i * 7, i), `p${i % 9}`),
    );
    const inputs = [big, ...small, linkInput('model/current', 'model.onnx'), memoryInput('empty', '')];
    const written = await write(inputs, out);
    const source = openFolderSource(out);
    const pointer = parsePointer(await source.readPointer(), out);
    assert.equal(pointer, { schema: 1, name: 'classify', release: written.release });
    const { manifest, json } = await readManifest(source, written.release, inflate);
    assert.equal(manifest, written.manifest);
    assert.is(sha256(json), written.release);
    const files = await unpack(out, manifest);
    for (const { entry } of inputs) {
      if (entry.kind !== 'file') continue;
      const content = entry.source.kind === 'memory' ? entry.source.data : MODEL;
      assert.ok(files.get(entry.path)?.equals(content), entry.path);
    }
    assert.is(files.size, 302);
    assert.is(manifest.files.find(({ path }) => path === 'model/model.onnx')?.mode, 0o755);
    assert.equal(manifest.links, [{ path: 'model/current', target: 'model.onnx' }]);
    assert.is(manifest.encoder, `zstd-wasm-${ZSTD_VERSION}/1`);
    assert.is(
      written.bytes,
      manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    );
    const sizes = await Promise.all(
      [manifestKey(written.release), ...manifest.chunks.map(chunkKey)].map(
        async key => (await stat(join(out, key))).size,
      ),
    );
    assert.is(
      written.compressedBytes,
      sizes.reduce((sum, size) => sum + size),
    );
    assert.is(written.writtenBytes, written.compressedBytes);
  }));

test('the same input gives the same bytes, whatever the order, threads and where the bytes lie', () =>
  withTempDir(async dir => {
    const contents = Array.from(
      { length: 50 },
      (_, i) => [`g${i % 5}/f${i}`, makeText((i * 3911) % 90_000, i)] as const,
    );
    const memory = [
      ...contents.map(([path, data]) => memoryInput(path, data, path.split('/')[0])),
      memoryInput('m', MODEL),
    ];
    const first = await write(memory, join(dir, 'a'));
    await write([...memory].reverse(), join(dir, 'b'), { workers: 1 });
    const disk = await Promise.all(
      contents.map(async ([path, data]) => {
        const { entry, group } = await diskInput(join(dir, 'in'), path, data, path.split('/')[0]);
        return { group, entry: { ...entry, mode: 0o644 } as typeof entry };
      }),
    );
    await write([memoryInput('m', MODEL), ...disk], join(dir, 'c'), { workers: 4 });
    assert.equal(await snapshot(join(dir, 'b')), await snapshot(join(dir, 'a')));
    assert.equal(await snapshot(join(dir, 'c')), await snapshot(join(dir, 'a')));
    // The zstd of this version, on any host: a change means that everybody sends everything again.
    assert.is(first.release, 'f41c308bd922749e34bfffc6dbe4fdb080bdc095fa5d88a5e86cede7d5b6f2ca');
  }));

test('identical content lies in the bundle once', () =>
  withTempDir(async dir => {
    const text = makeText(100_000, 3);
    const inputs = [
      memoryInput('a/one', text, 'a'),
      await diskInput(dir, 'b/two', text, 'b'),
      memoryInput('b/other', makeText(100_000, 4), 'b'),
      memoryInput('z', Buffer.alloc(70 * MIB), 'zeros'),
    ];
    const { manifest } = await write(inputs, join(dir, 'out'));
    const [one, other, two] = manifest.files;
    assert.equal([one?.chunk, one?.offset], [two?.chunk, two?.offset]);
    assert.not.equal(one?.offset, other?.offset);
    // Two whole pieces of zeros, and a shorter one.
    assert.is(manifest.chunks.length, 4);
    assert.is((await readdir(join(dir, 'out/chunks'))).length, 3);
    assert.is((await unpack(join(dir, 'out'), manifest)).get('z')?.length, 70 * MIB);
  }));

test('a bundle is replaced: what is the same stays untouched, what is new is written, the rest goes', () =>
  withTempDir(async dir => {
    const out = join(dir, 'out');
    const models = ['m', 'n'].map((name, i) => memoryInput(`model/${name}`, LARGE.subarray(i), 'model'));
    const before = await write([...models, memoryInput('code/a', 'one', 'code')], out);
    const kept = before.manifest.chunks.slice(0, 2).map(chunk => join(out, chunkKey(chunk)));
    const stamps = await Promise.all(kept.map(file => stat(file)));
    await writeFile(
      join(out, 'chunks', `${'a'.repeat(64)}.zst.0123456789ab.partial`),
      'left by a killed run',
    );
    await writeFile(join(out, 'README'), 'mine');
    let told = 0;
    const after = await write([...models, memoryInput('code/a', 'two', 'code')], out, {
      onBytes: bytes => {
        told += bytes;
      },
    });
    assert.not.equal(after.release, before.release);
    assert.ok(after.writtenBytes < 1000, String(after.writtenBytes));
    assert.is(told, 2 * LARGE.length - 1 + 3);
    const now = await Promise.all(kept.map(file => stat(file)));
    assert.equal(
      now.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
      stamps.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
    );
    const files = await snapshot(out);
    const keys = [
      'README',
      'bundle.json',
      manifestKey(after.release),
      ...after.manifest.chunks.map(chunkKey),
    ];
    assert.equal(Object.keys(files).sort(), keys.sort());
    assert.is((await unpack(out, after.manifest)).get('code/a')?.toString(), 'two');
    const again = await write([...models, memoryInput('code/a', 'two', 'code')], out);
    assert.equal([again.release, again.writtenBytes], [after.release, 0]);
    assert.equal(await snapshot(out), files);
  }));

test('a chunk that is spoilt or gone is made anew, and a bundle whose manifest is spoilt too', () =>
  withTempDir(async dir => {
    const out = join(dir, 'out');
    const inputs = [memoryInput('m', LARGE), memoryInput('a', 'one')];
    const { manifest, release } = await write(inputs, out);
    const good = await snapshot(out);
    const [first, second] = manifest.chunks.map(chunk => join(out, chunkKey(chunk)));
    const bytes = await readFile(first as string);
    bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000);
    await writeFile(first as string, bytes);
    await rm(second as string);
    await write(inputs, out);
    assert.equal(await snapshot(out), good);
    for (const key of ['bundle.json', manifestKey(release)]) {
      await writeFile(join(out, key), 'spoilt');
      await write(inputs, out);
      assert.equal(await snapshot(out), good);
    }
  }));

test('a file that changed or went away is FILE_CHANGED, and the bundle that was there stays', () =>
  withTempDir(async dir => {
    const out = join(dir, 'out');
    await write([memoryInput('old', makeText(1000, 2))], out);
    const good = await snapshot(out);
    for (const bytes of [100, 33 * MIB]) {
      const file = join(dir, 'in/a');
      const other = memoryInput('b', makeText(5000, 2));
      const twin = memoryInput('c', Buffer.alloc(bytes, 9));
      const spoilers = [
        () => appendFile(file, 'more'),
        () => utimes(file, 1, 1),
        () => rm(file),
        () => rm(file).then(() => mkdir(file)),
      ];
      for (const spoil of spoilers) {
        await rm(file, { recursive: true, force: true });
        const entry = await diskInput(join(dir, 'in'), 'a', Buffer.alloc(bytes, 1));
        await spoil();
        await rejects(write([entry, other], out), 'FILE_CHANGED');
        await rejects(write([entry, twin, other], out), 'FILE_CHANGED');
      }
      await rm(file, { recursive: true, force: true });
    }
    assert.equal(await snapshot(out), good);
  }));

test('a cancelled run leaves the bundle that was there, or nothing', () =>
  withTempDir(async dir => {
    const inputs = [memoryInput('m', MODEL, 'model'), memoryInput('n', MODEL.subarray(5, 20 * MIB), 'model')];
    const cancelled = async (out: string): Promise<void> => {
      const controller = new AbortController();
      const onBytes = (): void => controller.abort();
      await rejects(write(inputs, out, { signal: controller.signal, onBytes, workers: 1 }), 'CANCELLED');
      await rejects(write(inputs, out, { signal: AbortSignal.abort() }), 'CANCELLED');
      await rejects(write([], out, { signal: AbortSignal.abort() }), 'CANCELLED');
    };
    await cancelled(join(dir, 'new'));
    assert.equal(await readdir(dir), []);
    await write([memoryInput('old', 'x')], join(dir, 'out'));
    const good = await snapshot(join(dir, 'out'));
    await cancelled(join(dir, 'out'));
    assert.equal(await snapshot(join(dir, 'out')), good);
  }));

test('what could not be unpacked is refused', () =>
  withTempDir(async dir => {
    const out = join(dir, 'out');
    for (const inputs of [
      [memoryInput('../a', 'x')],
      [memoryInput('/a', 'x')],
      [memoryInput('a', 'x'), memoryInput('a', 'y')],
      [memoryInput('a', 'x'), memoryInput('a/b', 'y')],
      [memoryInput('a', 'x'), linkInput('b', '../a')],
      [linkInput('b', '/etc'), memoryInput('b/c', 'x')],
      [memoryInput(`${'n'.repeat(256)}/a`, 'x')],
    ]) {
      await rejects(write(inputs, out), 'ARTIFACT_PATH');
    }
    assert.equal(await readdir(dir), []);
  }));

test('a folder that is no bundle is not replaced, nor a file', () =>
  withTempDir(async dir => {
    await writeFile(join(dir, 'mine'), 'x');
    await rejects(write([memoryInput('a', 'x')], dir), 'BUNDLE_IN_THE_WAY');
    await writeFile(join(dir, 'bundle.json'), '{"name":"my package"}');
    await rejects(write([memoryInput('a', 'x')], dir), 'BUNDLE_IN_THE_WAY');
    await rejects(write([memoryInput('a', 'x')], join(dir, 'mine')), 'BUNDLE_IN_THE_WAY');
    assert.equal((await readdir(dir)).sort(), ['bundle.json', 'mine']);
    // What a killed run leaves is one that can go on.
    const left = join(dir, 'left');
    await mkdir(join(left, 'chunks'), { recursive: true });
    await writeFile(join(left, `chunks/${'b'.repeat(64)}.zst`), 'x');
    await write([memoryInput('a', 'x')], left);
    assert.is((await readdir(join(left, 'chunks'))).length, 1);
  }));

test('a place that takes no files is OUTPUT_UNWRITABLE', () =>
  withTempDir(async dir => {
    await mkdir(join(dir, 'out'));
    await writeFile(join(dir, 'out/chunks'), 'a file in the way');
    await rejects(write([memoryInput('a', 'x')], join(dir, 'out')), 'OUTPUT_UNWRITABLE');
    assert.equal(await snapshot(dir), { 'out/chunks': sha256(Buffer.from('a file in the way')) });
  }));

test('a bundle of nothing is one too', () =>
  withTempDir(async dir => {
    const { manifest } = await write([memoryInput('empty', ''), linkInput('l', 'empty')], join(dir, 'out'));
    assert.equal([manifest.chunks, manifest.files.length, manifest.links.length], [[], 1, 1]);
  }));

test.run();
