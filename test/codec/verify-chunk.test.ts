import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeChunk } from '../../src/codec/encode-chunk.ts';
import { LIBRARY_FORMATS } from '../../src/codec/types.ts';
import { verifyChunk } from '../../src/codec/verify-chunk.ts';
import { codeLike } from '../helpers/compressed-artifact.ts';

for (const format of LIBRARY_FORMATS) {
  test(`${format}: what does not come back as it was is refused`, async () => {
    const raw = codeLike(40_000);
    const options = { format, arch: 'x64', branchFilter: true, level: 'fast' } as const;
    const encoded = await encodeChunk(raw, 4096, options);
    await verifyChunk(encoded, raw, 4096, options);
    const refuses = async (run: Promise<void>): Promise<void> => {
      const error = await run.then(
        () => null,
        (reason: Error) => reason,
      );
      assert.match(
        error?.message ?? 'it passed',
        `What ${format} made of 40000 bytes cannot be inflated again`,
      );
    };
    await refuses(verifyChunk({ ...encoded, data: encoded.data.slice(0, -9) }, raw, 4096, options));
    await refuses(verifyChunk({ ...encoded, crc32: encoded.crc32 ^ 1 }, raw, 4096, options));
    if (encoded.filter) await refuses(verifyChunk({ ...encoded, filter: null }, raw, 4096, options));
  });
}

test.run();
