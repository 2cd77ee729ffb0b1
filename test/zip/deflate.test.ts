import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SlimError } from '../../src/errors.ts';
import { LIBDEFLATE_VERSION } from '../../src/zip/compressor.ts';
import { openDeflatePool } from '../../src/zip/deflate-pool.ts';
import { findLastBlock } from '../../src/zip/find-last-block.ts';
import { openStream } from '../../src/zip/open-stream.ts';
import { rejects } from '../helpers/rejects.ts';
import { makeBytes, makeText } from './sample-data.ts';

const never = new AbortController().signal;

/** Streams with blocks of every type, by the strategies of zlib. */
function streams(data: Uint8Array): readonly Buffer[] {
  return [
    deflateRawSync(data, { level: 0 }),
    deflateRawSync(data, { level: 9 }),
    deflateRawSync(data, { level: 1, memLevel: 1 }),
    deflateRawSync(data, { level: 9, strategy: constants.Z_FIXED }),
    deflateRawSync(data, { level: 9, strategy: constants.Z_HUFFMAN_ONLY }),
    deflateRawSync(data, { level: 9, strategy: constants.Z_RLE }),
  ];
}

test('an opened stream can be followed by another, for every type of block', () => {
  const tail = makeText(5000, 7);
  const closing = deflateRawSync(tail);
  for (const bytes of [1, 2, 10, 257, 258, 259, 4096, 65_535, 65_536, 70_000, 200_000]) {
    for (const data of [makeText(bytes, bytes), makeBytes(bytes, bytes), new Uint8Array(bytes)]) {
      for (const stream of streams(data)) {
        const joined = Buffer.concat([openStream(stream), closing]);
        assert.ok(inflateRawSync(joined).equals(Buffer.concat([data, tail])), `${bytes} bytes`);
      }
    }
  }
});

test('an opened stream has no last block', () => {
  for (const stream of streams(makeText(9000, 1))) {
    const { headerBit, endBit } = findLastBlock(stream);
    assert.is(Math.ceil(endBit / 8), stream.length);
    assert.is((stream[headerBit >>> 3] ?? 0) & (1 << (headerBit & 7)), 1 << (headerBit & 7));
    assert.throws(
      () => findLastBlock(openStream(stream)),
      (error: unknown) => isOwn(error),
    );
  }
});

test('bits after the end of the stream do not matter', () => {
  const data = makeText(3000, 3);
  for (const stream of streams(data)) {
    const { endBit } = findLastBlock(stream);
    const dirty = Buffer.concat([stream, Buffer.from([0xff, 0xff])]);
    for (let bit = endBit; bit % 8 !== 0; bit++)
      dirty[bit >>> 3] = (dirty[bit >>> 3] ?? 0) | (1 << (bit & 7));
    assert.equal(openStream(dirty), openStream(stream));
  }
});

test('malformed streams are refused', () => {
  const stored = deflateRawSync(Buffer.from('abc'), { level: 0 });
  const wrongLength = Buffer.from(stored);
  wrongLength[1] = 9;
  for (const bytes of [
    Buffer.of(),
    Buffer.of(0x07),
    wrongLength,
    stored.subarray(0, 6),
    Buffer.of(0x05, 0xff),
  ]) {
    assert.throws(
      () => findLastBlock(bytes),
      (error: unknown) => isOwn(error),
    );
  }
});

test('mutated streams end in an answer or in COMPRESSOR_FAILED, inside their bounds', () => {
  const seeds = [makeText(3000, 1), makeBytes(300, 2), new Uint8Array(3000)].flatMap(streams);
  const dice = makeBytes(40_000, 99);
  let refused = 0;
  for (let round = 0; round < 6000; round++) {
    const seed = seeds[round % seeds.length] ?? Buffer.of();
    const at = (dice[round * 3] ?? 0) + 256 * (dice[round * 3 + 1] ?? 0);
    const length = round % 7 === 0 ? at % (seed.length + 1) : seed.length;
    const mutant = Buffer.from(seed.subarray(0, length));
    if (mutant.length > 0) mutant[at % mutant.length] = dice[round * 3 + 2] ?? 0;
    try {
      const { headerBit, endBit } = findLastBlock(mutant);
      assert.ok(headerBit >= 0 && headerBit < endBit && endBit <= mutant.length * 8);
    } catch (error) {
      assert.ok(isOwn(error), String(error));
      refused++;
    }
  }
  assert.ok(refused > 1000);
});

test('the threads compress and give the block back', async () => {
  const pool = openDeflatePool({ size: 2, signal: never });
  try {
    const parts = [makeText(50_000, 1), makeText(50_000, 2), new Uint8Array(randomBytes(50_000))];
    const blocks = await Promise.all(
      parts.map((part, index) => pool.deflate({ raw: Uint8Array.from(part), level: 9, isLast: index === 2 })),
    );
    assert.ok(blocks.every(({ raw }, index) => Buffer.from(raw).equals(parts[index] ?? Buffer.of())));
    assert.ok(inflateRawSync(Buffer.concat(blocks.map(({ stream }) => stream))).equals(Buffer.concat(parts)));
  } finally {
    await pool.close();
  }
});

for (const [name, script] of [
  ['ends', 'process.exit(3)'],
  ['throws', 'throw new Error("no")'],
  [
    'dies at work',
    'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(1));',
  ],
] as const) {
  test(`a thread that ${name} is an error, not a wait without end`, async () => {
    const pool = openDeflatePool({
      size: 1,
      signal: never,
      script: new URL(`data:text/javascript,${script}`),
    });
    try {
      const job = () => pool.deflate({ raw: new Uint8Array(10), level: 6, isLast: true });
      const [first, second] = [job(), job()];
      await Promise.all([rejects(first, 'COMPRESSOR_FAILED'), rejects(second, 'COMPRESSOR_FAILED')]);
      await rejects(job(), 'COMPRESSOR_FAILED');
    } finally {
      await pool.close();
    }
  });
}

test('jobs of a cancelled pool end in CANCELLED', async () => {
  const stop = new AbortController();
  const pool = openDeflatePool({ size: 1, signal: stop.signal });
  try {
    const jobs = [1, 2, 3].map(() =>
      pool.deflate({ raw: new Uint8Array(2_000_000), level: 12, isLast: true }),
    );
    stop.abort();
    for (const job of jobs) await rejects(job, 'CANCELLED');
  } finally {
    await pool.close();
  }
});

test('the version in the cache keys is the one that is bundled', async () => {
  const rawPackage = await readFile(join('node_modules', 'libdeflate', 'package.json'), 'utf8');
  assert.is((JSON.parse(rawPackage) as { version: string }).version, LIBDEFLATE_VERSION);
});

function isOwn(error: unknown): boolean {
  return error instanceof SlimError && error.code === 'COMPRESSOR_FAILED';
}

test.run();
