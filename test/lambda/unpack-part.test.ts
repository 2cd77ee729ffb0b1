import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeZip } from '../../src/zip/write-zip.ts';
import { HOST_ARCH, invokeArtifact } from '../helpers/invoke.ts';
import { memoryFile, withRoom } from '../zip/fixtures.ts';

/** Offset of the external attributes in an entry of the directory (APPNOTE 4.3.12). */
const ATTRIBUTES = 38;

test('code that only its owner may read fails here as on Lambda, and the zip is named', () =>
  withRoom(async ({ dir, options }) => {
    const zip = join(dir, 'function.zip');
    await writeZip(zip, [memoryFile('index.mjs', 'export const handler = async () => 1;')], options);
    const bytes = await readFile(zip);
    bytes.writeUInt32LE((0o100600 << 16) >>> 0, bytes.indexOf('PK\x01\x02') + ATTRIBUTES);
    await writeFile(zip, bytes);
    const runtime = `nodejs${process.versions.node.split('.')[0]}.x`;
    const settings = { isolation: 'auto', runtime, arch: HOST_ARCH } as const;
    const { answer, error, log } = await invokeArtifact(zip, dir, settings);
    assert.match(log, `Note: "index.mjs" in ${zip} may be read by its owner only`);
    assert.not.match(log, 'chmod', 'nobody can mend what was unpacked');
    if (process.getuid?.() === 0 && process.platform === 'linux') {
      assert.match(error?.errorMessage ?? '', /EACCES|permission denied/);
      return;
    }
    assert.match(log, 'though not here');
    assert.is(answer, 1);
  }));

test.run();
