import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CHUNK_BYTES } from '../../src/codec/chunk-ranges.ts';
import { decodeChunk } from '../../src/codec/decode-chunk.ts';
import { encodeLibrary } from '../../src/codec/encode-library.ts';
import { ENCODER_VERSIONS } from '../../src/codec/encoders.ts';
import { type EncodeContext, type EncodedLibrary, LIBRARY_FORMATS } from '../../src/codec/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { codeLike, memory } from '../helpers/compressed-artifact.ts';
import { rejects } from '../helpers/rejects.ts';

const CODE = codeLike(200_000);
const OPTIONS = { arch: 'x64', branchFilter: true, level: 'best' } as const;

/** What the code above comes to, on any machine, with any Node.js. */
const SHA256 = {
  zstd: 'c2acc17db91ba38b7414b50c8821f9d593c0b13e3de1bde01c32976653a837a0',
  brotli: '0d9ec2b6c7a81d9bf532220f2df02814c7ad15086e56e30acaff0cc724089aa6',
  xz: 'da1f661206ce5f7c4c618609b2d2683c3b053393d202e3b15e8ce5cf1b92116a',
};

const contextOf = (dir: string): EncodeContext => ({
  cacheDir: null,
  workDir: dir,
  signal: new AbortController().signal,
});

const inflate = async (library: EncodedLibrary): Promise<Buffer> => {
  const blob = await readFile(library.path);
  const parts: Uint8Array[] = [];
  for (const chunk of library.chunks) {
    const decoded = await decodeChunk(blob.subarray(chunk.at, chunk.at + chunk.compressedBytes), chunk);
    assert.ok(decoded.ok, decoded.ok ? '' : decoded.reason);
    parts.push(decoded.bytes);
  }
  return Buffer.concat(parts);
};

for (const format of LIBRARY_FORMATS) {
  test(`${format}: the same bytes everywhere, and back`, () =>
    withTempDir(async dir => {
      const library = await encodeLibrary(memory(CODE), { ...OPTIONS, format }, contextOf(dir));
      assert.is(library.bytes, CODE.length);
      assert.is(library.sha256, createHash('sha256').update(CODE).digest('hex'));
      assert.is(library.chunks[0]?.filter, format === 'xz' ? null : 'x86');
      const blob = await readFile(library.path);
      assert.is(blob.length, library.compressedBytes);
      assert.is(createHash('sha256').update(blob).digest('hex'), SHA256[format]);
      assert.ok(Buffer.from(CODE).equals(await inflate(library)));
    }));

  test(`${format}: a branch filter is only used where it pays and where it can be undone`, () =>
    withTempDir(async dir => {
      const without = { ...OPTIONS, format, branchFilter: false, level: 'fast' } as const;
      const plain = await encodeLibrary(memory(CODE), without, contextOf(dir));
      assert.is(plain.chunks[0]?.filter, null);
      const filtered = await encodeLibrary(memory(CODE), { ...without, branchFilter: true }, contextOf(dir));
      // xz's own filter needs nobody's leave.
      if (format === 'xz') assert.is(filtered.compressedBytes, plain.compressedBytes);
      else assert.ok(filtered.compressedBytes < plain.compressedBytes * 0.97);
      const text = Buffer.from('nothing to branch to '.repeat(9000));
      const prose = await encodeLibrary(memory(text), { ...without, branchFilter: true }, contextOf(dir));
      assert.is(prose.chunks[0]?.filter, null);
      assert.ok(text.equals(await inflate(prose)));
    }));
}

test('chunks follow one another, and the number of threads changes nothing', () =>
  withTempDir(async dir => {
    const bytes = new Uint8Array(2 * CHUNK_BYTES + 1000);
    bytes.set(CODE, CHUNK_BYTES - 100_000);
    const options = { ...OPTIONS, format: 'zstd', level: 'fast' } as const;
    const seen: number[] = [];
    const one = await encodeLibrary(memory(bytes), options, {
      ...contextOf(`${dir}/1`),
      workers: 1,
      onBytes: done => void seen.push(done),
    });
    const three = await encodeLibrary(memory(bytes), options, { ...contextOf(`${dir}/3`), workers: 3 });
    assert.equal(
      one.chunks.map(({ offset, bytes: length }) => [offset, length]),
      [
        [0, CHUNK_BYTES],
        [CHUNK_BYTES, CHUNK_BYTES],
        [2 * CHUNK_BYTES, 1000],
      ],
    );
    assert.equal(seen, [CHUNK_BYTES, CHUNK_BYTES, 1000]);
    assert.equal(three.chunks, one.chunks);
    assert.ok((await readFile(one.path)).equals(await readFile(three.path)));
    assert.ok(Buffer.from(bytes).equals(await inflate(three)));
  }));

test('an empty library has no chunks', () =>
  withTempDir(async dir => {
    const empty = await encodeLibrary(
      memory(new Uint8Array(0)),
      { ...OPTIONS, format: 'brotli' },
      contextOf(dir),
    );
    assert.equal([empty.bytes, empty.compressedBytes, empty.chunks], [0, 0, []]);
  }));

test('the cache gives back what is whole, and only that', () =>
  withTempDir(async dir => {
    const options = { ...OPTIONS, format: 'brotli', level: 'fast' } as const;
    const context = { ...contextOf(dir), cacheDir: dir };
    const first = await encodeLibrary(memory(CODE), options, context);
    const good = await readFile(first.path);
    assert.ok(first.path.startsWith(`${dir}/blobs/`));
    // A blob with a label of its own shows that the cache was asked.
    const label = JSON.parse(await readFile(first.path.replace(/library$/, 'json'), 'utf8'));
    await writeFile(first.path.replace(/library$/, 'json'), JSON.stringify({ ...label, bytes: 7 }));
    assert.is((await encodeLibrary(memory(CODE), options, context)).bytes, 7);
    await writeFile(first.path, good.fill(0, 100, 104));
    const again = await encodeLibrary(memory(CODE), options, context);
    assert.is(again.path, first.path);
    assert.ok(Buffer.from(CODE).equals(await inflate(again)));
    const other = await encodeLibrary(memory(CODE), { ...options, level: 'best' }, context);
    assert.is.not(other.path, first.path);
  }));

test('a build that is cancelled stops its threads', () =>
  withTempDir(async dir => {
    const stop = new AbortController();
    const work = encodeLibrary(
      memory(codeLike(4_000_000)),
      { ...OPTIONS, format: 'zstd' },
      {
        ...contextOf(dir),
        signal: stop.signal,
      },
    );
    setTimeout(() => stop.abort(), 300);
    await rejects(work, 'CANCELLED');
    await rejects(
      encodeLibrary(memory(CODE), { ...OPTIONS, format: 'zstd' }, { ...contextOf(dir), signal: stop.signal }),
      'CANCELLED',
    );
  }));

test('the encoders are the installed ones', async () => {
  const packages = { zstd: '@bokuweb/zstd-wasm', brotli: 'brotli-wasm', xz: '7z-wasm' };
  const own = JSON.parse(await readFile('package.json', 'utf8'));
  for (const format of LIBRARY_FORMATS) {
    const { version } = JSON.parse(await readFile(`node_modules/${packages[format]}/package.json`, 'utf8'));
    assert.is(version, ENCODER_VERSIONS[format]);
    // Pinned, since another version may come to other bytes.
    assert.is(own.dependencies[packages[format]], version);
  }
});

test.run();
