import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InflateError } from '../../src/bundle/inflate-error.ts';
import { nativeInflate } from '../../src/bundle/inflate-native.ts';
import { wasmInflate } from '../../src/bundle/inflate-wasm.ts';
import type { Inflate } from '../../src/bundle/types.ts';
import { encodeZstdAt } from '../../src/codec/zstd.ts';
import { makeBytes, makeText } from '../zip/sample-data.ts';
import { inPieces } from './fixtures.ts';

async function whole(inflate: Inflate, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of inflate(source, maxBytes)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

const IMPLEMENTATIONS = { wasm: wasmInflate, native: nativeInflate } as const;

for (const [name, inflate] of Object.entries(IMPLEMENTATIONS)) {
  // A Node.js before 22.15 has no zstd of its own.
  if (!inflate) continue;

  test(`${name}: gives what was compressed, however it comes in`, async () => {
    for (const bytes of [0, 1, 3, 300, 70_000, 3_000_000]) {
      const raw = Buffer.from(makeText(bytes, bytes));
      const compressed = await encodeZstdAt(raw, 1);
      for (const length of [1, 7, 65_536].filter(length => compressed.length / length < 100_000))
        assert.ok(
          (await whole(inflate, inPieces(compressed, length), bytes)).equals(raw),
          `${bytes}/${length}`,
        );
    }
  });

  test(`${name}: what comes to more than agreed is an InflateError, and takes no memory`, async () => {
    const bomb = await encodeZstdAt(new Uint8Array(100_000_000), 1);
    const before = process.memoryUsage.rss();
    for (const maxBytes of [0, 1, 100_000]) {
      assert.instance(await failure(whole(inflate, inPieces(bomb, 4096), maxBytes)), InflateError);
    }
    assert.ok(process.memoryUsage.rss() - before < 50_000_000);
  });

  test(`${name}: what is cut short or spoilt is an InflateError, or other bytes`, async () => {
    const raw = makeText(50_000, 1);
    const compressed = await encodeZstdAt(raw, 1);
    for (const length of [0, 1, 4, 10, 1000, compressed.length - 1]) {
      const outcome = await whole(inflate, inPieces(compressed.subarray(0, length), 999), raw.length).catch(
        e => e,
      );
      if (!(outcome instanceof InflateError)) assert.ok((outcome as Buffer).length < raw.length);
    }
    for (let at = 0; at < compressed.length; at += 97) {
      const spoilt = Uint8Array.from(compressed);
      spoilt[at] = (spoilt[at] as number) ^ 0x55;
      const outcome = await whole(inflate, inPieces(spoilt, 999), raw.length).catch(e => e);
      if (!(outcome instanceof InflateError)) assert.ok((outcome as Buffer).length <= raw.length);
    }
    assert.instance(await failure(whole(inflate, inPieces(makeBytes(5000, 1), 999), 9e6)), InflateError);
  });

  test(`${name}: a source that fails is told as it is, and one that is not read to its end is closed`, async () => {
    const compressed = await encodeZstdAt(makeBytes(3_000_000, 1), 1);
    const broken = new Error('the connection broke');
    let closed = 0;
    async function* source(fail: boolean): AsyncGenerator<Uint8Array> {
      try {
        yield compressed.subarray(0, 1_000_000);
        if (fail) throw broken;
        yield compressed.subarray(1_000_000);
      } finally {
        closed++;
      }
    }
    assert.is(await failure(whole(inflate, source(true), 3_000_000)), broken);
    for await (const _ of inflate(source(false), 3_000_000)) break;
    await new Promise(resolve => setTimeout(resolve, 20));
    assert.is(closed, 2);
  });
}

test.run();
