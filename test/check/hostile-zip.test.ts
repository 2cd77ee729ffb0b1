import { execFileSync } from 'node:child_process';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkSecrets } from '../../src/check/check-secrets.ts';
import type { Finding } from '../../src/findings.ts';
import { centralHeader, endRecord, localHeader, type ZipRecord } from '../../src/zip/zip-format.ts';
import { checkFile } from '../helpers/check.ts';
import { withProject } from '../helpers/project.ts';

/** An entry of a hostile zip: its record in the directory, and what really lies in the body. */
interface Part {
  readonly record: Partial<ZipRecord>;
  readonly body?: Buffer;
}

function makeRecord(record: Partial<ZipRecord>, offset: number): ZipRecord {
  const base = {
    name: Buffer.from('a'),
    method: 0,
    crc32: 0,
    bytes: 0,
    compressedBytes: 0,
    unixMode: 0o100644,
  } as const;
  return { ...base, offset, ...record };
}

/** Each part writes its body where it comes; offsets that are not given point there. */
function makeZip(parts: readonly Part[]): Buffer {
  const bodies: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { record, body } of parts) {
    const whole = makeRecord(record, offset);
    const local = body ?? localHeader(whole);
    bodies.push(local);
    central.push(centralHeader(whole));
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...bodies, directory, endRecord(parts.length, offset, directory.length)]);
}

function stored(name: string, text: string): Part {
  const data = Buffer.from(text);
  const record = {
    name: Buffer.from(name),
    crc32: crc32(data),
    bytes: data.length,
    compressedBytes: data.length,
  };
  return { record, body: Buffer.concat([localHeader(makeRecord(record, 0)), data]) };
}

const named = (name: string, record: Partial<ZipRecord> = {}): Part => ({
  record: { name: Buffer.from(name), ...record },
});

function findingsOf(zip: Buffer): Promise<readonly Finding[]> {
  return withProject({ 'a.zip': zip }, async dir => (await checkFile(join(dir, 'a.zip'))).findings);
}

const reasons = (findings: readonly Finding[]): readonly string[] =>
  findings.map(finding =>
    finding.code === 'ENTRY_UNREADABLE' ? `${finding.path}: ${finding.reason}` : finding.code,
  );

test('a zip without entries is a zip, which Lambda refuses', () =>
  withProject({ 'a.zip': makeZip([]) }, async dir => {
    const { artifact, findings } = await checkFile(join(dir, 'a.zip'));
    assert.equal([artifact.files, artifact.unzippedBytes, artifact.zippedBytes], [0, 0, 22]);
    assert.equal(findings, [{ code: 'ARTIFACT_EMPTY', level: 'error', path: join(dir, 'a.zip') }]);
  }));

test('folders are neither files nor bytes, and links are', () =>
  withProject(
    {
      'a.zip': makeZip([
        named('d/', { unixMode: 0o040755 }),
        named('d/e/', { unixMode: 0 }),
        stored('d/f', 'xyz'),
      ]),
    },
    async dir => {
      const { artifact, findings } = await checkFile(join(dir, 'a.zip'));
      assert.equal([artifact.files, artifact.unzippedBytes, findings], [1, 3, []]);
    },
  ));

for (const name of [
  'C:/evil.js',
  'c:evil.js',
  'a/../../evil.js',
  'a\\..\\..\\evil.js',
  '\\evil.js',
  'a/../..',
]) {
  test(`the name ${JSON.stringify(name)} is told`, async () => {
    const findings = await findingsOf(makeZip([named(name), named('index.js')]));
    assert.equal(reasons(findings), ['ENTRY_ESCAPES']);
  });
}

for (const [name, reason] of [
  ['./a', 'segment'],
  ['a//b', 'segment'],
  ['a/![i](http://e/x)', 'segment'],
  ['a/../b', 'segment'],
  ['a\0b', 'NUL'],
] as const) {
  test(`the name ${JSON.stringify(name)} leads nowhere outside, and is told`, async () => {
    const [told = '', ...others] = reasons(await findingsOf(makeZip([named(name), named('index.js')])));
    assert.ok(told.startsWith(`${name}: it has a`) && told.includes(reason), told);
    assert.equal(others, []);
  });
}

test('a name that three entries have is told once', async () => {
  assert.equal(reasons(await findingsOf(makeZip(['a', 'b', 'a', 'a'].map(name => named(name))))), [
    'DUPLICATE_ENTRY',
  ]);
});

test('entries that the version 4.5 made are counted, and no others', async () => {
  const zip = makeZip(['a', 'b', 'c'].map(name => named(name)));
  const first = zip.indexOf('PK\x01\x02');
  const second = zip.indexOf('PK\x01\x02', first + 1);
  zip.writeUInt8(45, first + 4);
  zip.writeUInt8(63, second + 4);
  assert.equal(await findingsOf(zip), [{ code: 'ZIP64_FLAVOUR', level: 'warning', entries: 2 }]);
});

const OVERLAP = 'its data overlaps that of another entry, as in a zip bomb';

test('entries that quote each other, as in a bomb without recursion, overlap', async () => {
  // Each entry starts in the data of the one before it and ends where all end.
  const tail = stored('c', 'zero'.repeat(10));
  const tailBytes = tail.body?.length ?? 0;
  const second: ZipRecord = makeRecord(
    { name: Buffer.from('b'), bytes: tailBytes, compressedBytes: tailBytes },
    31,
  );
  const first: ZipRecord = makeRecord({ bytes: tailBytes + 31, compressedBytes: tailBytes + 31 }, 0);
  const zip = makeZip([
    { record: first, body: localHeader(first) },
    { record: second, body: localHeader(second) },
    tail,
  ]);
  assert.equal(reasons(await findingsOf(zip)), [
    `b: ${OVERLAP}`,
    `c: ${OVERLAP}`,
    'a: it does not match its check sum',
  ]);
  const neighbours = makeZip([stored('a', 'x'), stored('b', 'y'), named('c'), stored('d', 'z')]);
  assert.equal(await findingsOf(neighbours), []);
});

test('data that lies where the directory or nothing is cannot be read', async () => {
  const beyond = 'its data does not lie within the zip';
  const size = (bytes: number): Partial<ZipRecord> => ({ bytes, compressedBytes: bytes });
  const zip = makeZip([named('a', size(4_000_000_000)), named('b', { offset: 900_000 })]);
  assert.equal(reasons(await findingsOf(zip)), ['LIMIT_UNZIPPED', `a: ${beyond}`, `b: ${beyond}`]);
});

test('what is neither file nor folder nor link cannot be unpacked', async () => {
  const pipe = makeZip([named('pipe', { unixMode: 0o010644 }), named('link', { unixMode: 0o120777 })]);
  assert.equal(reasons(await findingsOf(pipe)), [
    'pipe: it is neither a file nor a folder nor a link',
    'LINK_BROKEN',
  ]);
});

test('a ratio is believed up to what DEFLATE can do', async () => {
  const zeros = deflateRawSync(Buffer.alloc(50_000_000), { level: 9 });
  const record = { method: 8, crc32: 0, bytes: 50_000_000, compressedBytes: zeros.length } as const;
  const body = Buffer.concat([localHeader(makeRecord(record, 0)), zeros]);
  assert.equal(await findingsOf(makeZip([{ record, body }])), []);
  const lie = { ...record, bytes: zeros.length * 1032 + 1033 };
  assert.match(
    reasons(await findingsOf(makeZip([{ record: lie, body }]))).join(),
    /^a: it claims \d+ bytes out of \d+/,
  );
});

/** Writes zeros through zlib without holding them, so that the zip is small and true. */
const BOMB = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED, compresslevel=1) as zip:
    for name in sys.argv[3:]:
        with zip.open(name, 'w', force_zip64=False) as entry:
            for _ in range(int(sys.argv[2])):
                entry.write(bytes(1 << 20))
`;

test('a bomb of real zeros is judged by its directory', () =>
  withProject({}, async dir => {
    const zip = join(dir, 'bomb.zip');
    execFileSync('python3', ['-c', BOMB, zip, '300', 'zeros']);
    const { artifact, findings } = await checkFile(zip);
    assert.is(artifact.unzippedBytes, 314_572_800);
    assert.ok((await stat(zip)).size < 3_000_000);
    assert.equal(findings, [
      { code: 'LIMIT_UNZIPPED', level: 'error', bytes: 314_572_800, limit: 262_144_000 },
      // What Python writes like this has mode 600.
      { code: 'ENTRY_CLOSED', level: 'error', paths: ['zeros'] },
    ]);
  }));

test('ten gigabytes that a directory claims are judged without unpacking one', async () => {
  const gibibyte = 2 ** 30;
  const compressedBytes = Math.ceil(gibibyte / 1032);
  const entries = Array.from({ length: 10 }, (_, index): Part => {
    const sizes = { bytes: gibibyte, compressedBytes, crc32: index } as const;
    const record = { name: Buffer.from(`f${index}`), method: 8, ...sizes } as const;
    return {
      record,
      body: Buffer.concat([localHeader(makeRecord(record, 0)), Buffer.alloc(compressedBytes)]),
    };
  });
  const findings = await findingsOf(makeZip(entries));
  assert.equal(findings, [
    { code: 'LIMIT_UNZIPPED', level: 'error', bytes: 10 * gibibyte, limit: 262_144_000 },
  ]);
});

for (const [bytes, codes] of [
  [52_428_800, []],
  [52_428_801, ['LIMIT_ZIPPED']],
] as const) {
  test(`a zip file of ${bytes} bytes is judged by its size on disk`, () =>
    withProject({}, async dir => {
      const path = join(dir, 'large.zip');
      const zip = makeZip([named('a')]);
      const directory = zip.subarray(zip.indexOf('PK\x01\x02'), -22);
      const end = endRecord(1, bytes - 22 - directory.length, directory.length);
      const file = await open(path, 'w');
      await file.write(zip.subarray(0, zip.indexOf('PK\x01\x02')));
      await file.write(
        Buffer.concat([directory, end]),
        0,
        directory.length + 22,
        bytes - 22 - directory.length,
      );
      await file.close();
      const { artifact, findings } = await checkFile(path);
      assert.is(artifact.zippedBytes, bytes);
      assert.equal(
        findings.map(({ code }) => code),
        codes,
      );
    }));
}

test('samples of secret files are harmless under any of their names', () => {
  const harmless = [
    '.env.example',
    'a/.env.sample',
    '.env.template',
    '.env.dist',
    '.env.production.example',
    '.env.local.sample',
  ];
  assert.equal(checkSecrets(harmless), []);
  assert.is(checkSecrets(['.env.example.local', '.env.local']).length, 2);
});

test.run();
