import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ArtifactCheck } from '../../src/check/check-artifact.ts';
import { findRuntime } from '../../src/platform/runtimes.ts';
import { writeZip } from '../../src/zip/write-zip.ts';
import { checkFile } from '../helpers/check.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';
import { memoryFile, withRoom } from '../zip/fixtures.ts';

/** An entry of a zip made by hand; what is given replaces what would be true. */
interface Part {
  readonly name: string;
  readonly data?: string;
  readonly method?: number;
  readonly flags?: number;
  readonly madeBy?: number;
  readonly bytes?: number;
  /** As Unix has it; without one the zip is as from Windows. */
  readonly mode?: number;
  /** Writes no local entry but points at that of the entry of this number. */
  readonly sameAs?: number;
}

/** Makes a zip of any entries, honest or not: local headers, directory, end record (APPNOTE 4.3). */
function makeZip(parts: readonly Part[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  for (const part of parts) {
    const name = Buffer.from(part.name);
    const content = Buffer.from(part.data ?? 'hello');
    const method = part.method ?? 8;
    const data = method === 8 ? deflateRawSync(content) : content;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(part.flags ?? 0, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(part.bytes ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const end = locals.reduce((sum, { length }) => sum + length, 0);
    const offset = part.sameAs === undefined ? end : (offsets[part.sameAs] ?? 0);
    offsets.push(offset);
    if (part.sameAs === undefined) locals.push(Buffer.from('PK\x03\x04'), common, name, data);
    const tail = Buffer.alloc(14);
    tail.writeUInt16LE(part.mode ?? 0, 8);
    tail.writeUInt32LE(offset, 10);
    const madeBy = Buffer.alloc(2);
    madeBy.writeUInt16LE(part.madeBy ?? (part.mode === undefined ? 20 : 0x0300 + 20));
    directory.push(Buffer.from('PK\x01\x02'), madeBy, common, tail, name);
  }
  const body = Buffer.concat(locals);
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(body.length, 16);
  return Buffer.concat([body, list, end]);
}

function checkMade(parts: readonly Part[]): Promise<ArtifactCheck> {
  return withProject({ 'a.zip': makeZip(parts) }, dir => checkFile(join(dir, 'a.zip')));
}

test('a zip that we wrote has nothing to complain about, and its facts are those of the file', () =>
  withRoom(async ({ out, options }) => {
    await writeZip(
      out,
      [memoryFile('index.mjs', 'export const handler = 1;'), memoryFile('a/b.txt', 'b')],
      options,
    );
    const { artifact, findings } = await checkFile(out);
    const bytes = await readFile(out);
    assert.equal(findings, []);
    assert.equal(artifact, {
      path: out,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      codeSha256: createHash('sha256').update(bytes).digest('base64'),
      zippedBytes: bytes.length,
      unzippedBytes: 26,
      files: 2,
    });
  }));

const CASES: readonly (readonly [string, readonly Part[], readonly string[]])[] = [
  ['honest', [{ name: 'index.js' }, { name: 'b/', data: '', method: 0 }, { name: 'b/c', method: 0 }], []],
  ['twice', [{ name: 'a.js' }, { name: 'a.js' }], ['DUPLICATE_ENTRY error']],
  ['above', [{ name: '../evil.js' }], ['ENTRY_ESCAPES error']],
  ['absolute', [{ name: '/etc/passwd' }], ['ENTRY_ESCAPES error']],
  ['backslashes', [{ name: '..\\evil.js' }], ['ENTRY_ESCAPES error']],
  [
    'closed to others',
    [
      { name: 'a.py', mode: 0o100600 },
      { name: 'b.py', mode: 0o100644 },
    ],
    ['ENTRY_CLOSED error'],
  ],
  [
    'a closed folder',
    [{ name: 'a/', data: '', method: 0, mode: 0o040744 }, { name: 'b.js' }],
    ['ENTRY_CLOSED error'],
  ],
  ['encrypted', [{ name: 'a.js', flags: 1 }], ['ENTRY_UNREADABLE error']],
  ['Deflate64', [{ name: 'a.js', method: 9 }], ['ENTRY_UNREADABLE error']],
  ['stored with two sizes', [{ name: 'a.js', method: 0, bytes: 50 }], ['ENTRY_UNREADABLE error']],
  [
    'made by 4.5',
    [
      { name: 'a.js', madeBy: 45 },
      { name: 'b.js', madeBy: 0x0300 + 45 },
    ],
    ['ZIP64_FLAVOUR warning'],
  ],
  ['a secret', [{ name: 'src/.env', data: 'PASSWORD=x' }], ['SECRET_FILE warning']],
  ['settings without one', [{ name: 'src/.env', data: '# nothing' }], []],
  ['a lie of a size', [{ name: 'a.js', bytes: 200_000_000 }], ['ENTRY_UNREADABLE error']],
];

for (const [what, parts, expected] of CASES) {
  test(`zip: ${what}`, async () => {
    const { findings } = await checkMade(parts);
    assert.equal(
      findings.map(({ code, level }) => `${code} ${level}`),
      expected,
    );
  });
}

test('the sizes that a zip claims count at the exact byte', async () => {
  const half = 131_072_000;
  // Zeros deflate to about a thousandth, so that the claim is possible.
  const data = '\0'.repeat(200_000);
  const entry = (name: string, bytes: number): Part => ({ name, data, bytes });
  const findings = async (bytes: number): Promise<readonly string[]> =>
    (await checkMade([entry('a', half), entry('b', bytes)])).findings
      .map(({ code }) => code)
      .filter(code => code === 'LIMIT_UNZIPPED');
  assert.equal(await findings(half), ['LIMIT_UNZIPPED']);
  assert.equal(await findings(half - 1), []);
});

test('a bomb of entries that share one body is known by its directory', async () => {
  const shared = Array.from(
    { length: 500 },
    (_, i): Part => ({ name: `f${i}`, data: '\0'.repeat(1_000_000), sameAs: 0 }),
  );
  const { artifact, findings } = await checkMade([{ name: 'body', data: '\0'.repeat(1_000_000) }, ...shared]);
  assert.is(artifact.unzippedBytes, 501_000_000);
  assert.ok((artifact.zippedBytes ?? 0) < 100_000);
  const unreadable = findings.filter(({ code }) => code === 'ENTRY_UNREADABLE');
  assert.is(unreadable.length, 500);
  assert.ok(findings.some(({ code }) => code === 'LIMIT_UNZIPPED'));
});

test('the runtime is judged where one is named', () =>
  withProject({ 'a.zip': makeZip([{ name: 'a.js' }]) }, async dir => {
    const platform = { os: 'linux', arch: 'x64', libc: 'glibc' } as const;
    const codes = async (id: string): Promise<readonly string[]> =>
      (
        await checkFile(join(dir, 'a.zip'), {
          ...platform,
          runtime: { ...findRuntime('nodejs24.x'), deprecated: id },
        })
      ).findings.map(({ code }) => code);
    assert.equal(await codes('2020-01-01'), ['RUNTIME_DEPRECATED']);
    assert.equal(await codes('2999-01-01'), []);
  }));

test('what is no zip is refused', () =>
  withProject({ 'text.zip': 'not a zip', 'empty.zip': '' }, async dir => {
    const cut = makeZip([{ name: 'a.js' }]);
    await writeFile(join(dir, 'cut.zip'), cut.subarray(0, cut.length - 30));
    for (const name of ['text.zip', 'empty.zip', 'cut.zip']) {
      await rejects(checkFile(join(dir, name)), 'NOT_A_ZIP');
    }
    await rejects(checkFile(join(dir, 'missing.zip')), 'INPUT_UNREADABLE');
  }));

test.run();
