import { createHash, randomBytes } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PART_BYTES, partBytesOf, withFileParts } from '../../../src/aws/s3/file-parts.ts';
import { withTempDir } from '../../../src/util/fs.ts';
import { rejects } from '../../helpers/rejects.ts';

const hex = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const base64 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

test('a file lies in parts of 8 MiB, whose digests are those of its bytes', () =>
  withTempDir(async dir => {
    const path = join(dir, 'a.zip');
    const bytes = randomBytes(2 * PART_BYTES + 5);
    await writeFile(path, bytes);
    await withFileParts(path, hex(bytes), async file => {
      assert.is(file.bytes, bytes.length);
      const places = file.parts.map(part => [part.number, part.offset, part.bytes]);
      assert.equal(places, [
        [1, 0, PART_BYTES],
        [2, PART_BYTES, PART_BYTES],
        [3, 2 * PART_BYTES, 5],
      ]);
      for (const part of file.parts) {
        const read = await file.read(part);
        assert.ok(read.equals(bytes.subarray(part.offset, part.offset + part.bytes)));
        assert.is(part.sha256, base64(read));
      }
    });
  }));

test('an empty file is one part', () =>
  withTempDir(async dir => {
    const path = join(dir, 'a.zip');
    await writeFile(path, '');
    const parts = await withFileParts(path, hex(Buffer.alloc(0)), async file => file.parts);
    assert.equal(parts, [{ number: 1, offset: 0, bytes: 0, sha256: base64(Buffer.alloc(0)) }]);
  }));

test('10,000 parts hold any file', () => {
  const gibibyte = 1024 ** 3;
  assert.is(partBytesOf(0), PART_BYTES);
  assert.is(partBytesOf(10_000 * PART_BYTES), PART_BYTES);
  for (const bytes of [10_000 * PART_BYTES + 1, 100 * gibibyte, 5000 * gibibyte])
    assert.ok(Math.ceil(bytes / partBytesOf(bytes)) <= 10_000, String(bytes));
});

test('a file that is not what was asked for, or is changed while it is open, is refused', () =>
  withTempDir(async dir => {
    const path = join(dir, 'a.zip');
    await rejects(
      withFileParts(path, '', async () => {}),
      'INPUT_UNREADABLE',
    );
    await writeFile(path, 'other');
    await rejects(
      withFileParts(path, hex(Buffer.from('bytes')), async () => {}),
      'PACKAGE_CHANGED',
    );
    const after = withFileParts(path, hex(Buffer.from('other')), async file => {
      await writeFile(path, 'thing');
      const [part] = file.parts;
      return part && file.read(part);
    });
    await rejects(after, 'PACKAGE_CHANGED');
    await appendFile(path, ' and more');
    await withFileParts(path, hex(Buffer.from('thing and more')), async file => {
      await writeFile(path, 't');
      const [part] = file.parts;
      if (part) await rejects(file.read(part), 'PACKAGE_CHANGED');
    });
  }));

test.run();
