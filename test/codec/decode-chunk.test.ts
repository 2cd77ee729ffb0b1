import { execFileSync } from 'node:child_process';
import { brotliCompressSync, crc32 } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeChunk } from '../../src/codec/decode-chunk.ts';
import { encodeXz, encodeZstd } from '../../src/codec/encoders.ts';
import { measureXz } from '../../src/codec/measure-xz.ts';
import { LIBRARY_FORMATS, type LibraryChunk, type LibraryFormat } from '../../src/codec/types.ts';
import { codeLike } from '../helpers/compressed-artifact.ts';

const encode = async (format: LibraryFormat, bytes: Uint8Array): Promise<Uint8Array> => {
  if (format === 'zstd') return encodeZstd(bytes, 'fast');
  return format === 'xz' ? encodeXz(bytes, 'fast', true) : brotliCompressSync(bytes);
};

const chunkOf = (format: LibraryFormat, bytes: Uint8Array, data: Uint8Array): LibraryChunk => ({
  ...{ offset: 0, bytes: bytes.length, at: 0, compressedBytes: data.length },
  ...{ crc32: crc32(bytes), format, filter: null },
});

const CODE = codeLike(70_000);

for (const format of LIBRARY_FORMATS) {
  test(`${format}: inflates what is right, and says what is not`, async () => {
    const data = await encode(format, CODE);
    const chunk = chunkOf(format, CODE, data);
    const good = await decodeChunk(data, chunk);
    assert.ok(good.ok && Buffer.from(good.bytes).equals(CODE));
    const wrong = await Promise.all([
      decodeChunk(data, { ...chunk, crc32: 1 }),
      decodeChunk(data, { ...chunk, bytes: CODE.length - 1 }),
      decodeChunk(data, { ...chunk, bytes: CODE.length + 1 }),
      decodeChunk(data, { ...chunk, bytes: 2 ** 40 }),
      decodeChunk(data.subarray(1), chunk),
      decodeChunk(data.subarray(0, 40), { ...chunk, compressedBytes: 40 }),
      decodeChunk(new Uint8Array(data.length), chunk),
    ]);
    assert.equal(
      wrong.filter(({ ok }) => ok),
      [],
    );
  });

  test(`${format}: a bomb does not go off`, async () => {
    const bomb = await encode(format, new Uint8Array(48 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    const decoded = await decodeChunk(bomb, chunkOf(format, CODE, bomb));
    assert.not.ok(decoded.ok);
    assert.ok(process.memoryUsage().arrayBuffers - before < 8 * 1024 * 1024);
  });

  test(`${format}: damage anywhere is found`, async () => {
    const data = await encode(format, CODE.subarray(0, 3000));
    const chunk = chunkOf(format, CODE.subarray(0, 3000), data);
    for (let at = 0; at < data.length; at += 1 + Math.floor(data.length / 60)) {
      const bad = Uint8Array.from(data);
      bad[at] = (bad[at] as number) ^ 0x55;
      const decoded = await decodeChunk(bad, chunk);
      // A flag that nobody looks at may be another one; the bytes never are.
      if (decoded.ok) assert.ok(Buffer.from(decoded.bytes).equals(CODE.subarray(0, 3000)));
    }
  });
}

test('xz: other filters, a second stream and a huge window are refused before anything is inflated', async () => {
  const data = await encode('xz', CODE);
  assert.is(measureXz(data), CODE.length);
  assert.is(measureXz(Buffer.concat([data, data])), null);
  assert.is(measureXz(data.subarray(0, data.length - 4)), null);
  const header = (change: (bytes: Uint8Array) => unknown): Uint8Array => {
    const bytes = Buffer.from(data);
    change(bytes);
    const size = 4 * ((bytes[12] as number) + 1);
    bytes.writeUInt32LE(crc32(bytes.subarray(12, 12 + size - 4)), 12 + size - 4);
    return bytes;
  };
  assert.is(measureXz(header(() => {})), CODE.length);
  const lzma2 = Buffer.from(data).indexOf(Buffer.from([0x21, 0x01]));
  assert.is(measureXz(header(bytes => bytes.fill(40, lzma2 + 2, lzma2 + 3))), null);
  assert.is(measureXz(header(bytes => bytes.fill(0x03, lzma2, lzma2 + 1))), null);
});

test('xz: what liblzma itself reads is what we make', async () => {
  const data = await encode('xz', CODE);
  let inflated: Buffer;
  try {
    inflated = execFileSync(
      'python3',
      ['-c', 'import lzma,sys;sys.stdout.buffer.write(lzma.decompress(sys.stdin.buffer.read()))'],
      { input: data },
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return console.log('(no python3 here)');
    throw error;
  }
  assert.ok(inflated.equals(CODE));
});

test.run();
