import { appendFile, copyFile, mkdir, open, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkFile } from '../helpers/check.ts';
import { plainZip } from '../helpers/plain-zip.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const CENTRAL = 'PK\x01\x02';
const ZIP = plainZip({ 'index.mjs': 'export const handler = 1;', 'b.txt': 'text' });

for (const [what, bytes, reason] of [
  ['cut in its directory', ZIP.subarray(0, -30), /cut short/],
  ['cut in its first file', ZIP.subarray(0, 40), /cut short/],
  ['text', Buffer.from('hello'), /central directory/i],
  ['empty', Buffer.alloc(0), /central directory/i],
] as const) {
  test(`a zip that is ${what} is refused, and why is told`, () =>
    withProject({ 'a.zip': bytes }, async dir => {
      const error = await rejects(checkFile(join(dir, 'a.zip')), 'NOT_A_ZIP');
      assert.match(error.message, reason);
      assert.match(error.message, 'a.zip');
    }));
}

test('a file of which a byte is wrong is told, though it is text', () => {
  const zip = Buffer.from(ZIP);
  const at = zip.indexOf(Buffer.from('b.txt')) + 'b.txt'.length;
  zip.writeUInt8(zip.readUInt8(at) ^ 0xff, at);
  return withProject({ 'a.zip': zip }, async dir => {
    const { findings } = await checkFile(join(dir, 'a.zip'));
    assert.equal(
      findings.map(finding => [finding.code, 'path' in finding ? finding.path : '']),
      [['ENTRY_UNREADABLE', 'b.txt']],
    );
  });
});

test('ten gigabytes of nothing are refused at once, and none of them is read', () =>
  withProject({}, async dir => {
    const path = join(dir, 'sparse.zip');
    await writeFile(path, 'PK\x03\x04');
    await truncate(path, 10 * 1024 ** 3);
    const error = await rejects(checkFile(path), 'NOT_A_ZIP');
    assert.match(error.message, 'cut short');
  }));

test('a zip behind gigabytes of nothing is judged without a digest', () =>
  withProject({}, async dir => {
    const path = join(dir, 'sparse.zip');
    const gap = 2 * 1024 ** 3;
    await truncateTo(path, gap);
    const shifted = Buffer.from(ZIP);
    let at = shifted.indexOf(CENTRAL);
    for (; at >= 0; at = shifted.indexOf(CENTRAL, at + 4))
      shifted.writeUInt32LE(shifted.readUInt32LE(at + 42) + gap, at + 42);
    const end = shifted.lastIndexOf('PK\x05\x06', undefined, 'latin1');
    shifted.writeUInt32LE(shifted.readUInt32LE(end + 16) + gap, end + 16);
    await appendFile(path, shifted);
    const { artifact, findings } = await checkFile(path);
    assert.equal([artifact.files, artifact.sha256, artifact.zippedBytes], [2, null, gap + ZIP.length]);
    assert.equal(
      findings.map(({ code }) => code),
      ['LIMIT_ZIPPED'],
    );
  }));

async function truncateTo(path: string, bytes: number): Promise<void> {
  await writeFile(path, '');
  await truncate(path, bytes);
}

test('a zip that is written while it is read is told, and not judged', () =>
  withProject({}, async dir => {
    const path = join(dir, 'a.zip');
    const large = plainZip({ 'a.bin': 'x', 'index.mjs': 'y'.repeat(5_000_000) });
    await writeFile(path, large);
    let isDone = false;
    const checking = rejects(checkFile(path), 'FILE_CHANGED').finally(() => {
      isDone = true;
    });
    const file = await open(path, 'r+');
    // Of the same size, but never of the same time.
    for (let round = 0; !isDone; round++) {
      await file.write(Buffer.from([round & 0xff]), 0, 1, 40);
      await turn();
    }
    await file.close();
    assert.match((await checking).message, 'a.zip');
  }));

test('a folder that holds a pipe or a socket is read past it', () =>
  withProject({ 'fn/index.mjs': '' }, async dir => {
    const { execFileSync } = await import('node:child_process');
    execFileSync('mkfifo', [join(dir, 'fn/pipe.env')]);
    assert.equal((await checkFile(join(dir, 'fn'))).findings, []);
  }));

test('names of a folder that are not UTF-8 are told, and the rest is judged', () =>
  withProject({ 'fn/index.mjs': '', 'fn/\uFFFD.txt': 'proper' }, async dir => {
    const raw = (name: string): Buffer => Buffer.from(`${dir}/fn/${name}`, 'latin1');
    await writeFile(raw('bad\xff\xfe.env'), 'A=1');
    await symlink('index.mjs', raw('link\xff'));
    await mkdir(raw('folder\xff'));
    await writeFile(raw('folder\xff/a.js'), '');
    const { artifact, findings } = await checkFile(join(dir, 'fn'));
    assert.is(artifact.files, 2);
    assert.equal(findings.map(finding => [finding.code, 'path' in finding ? finding.path : '']).sort(), [
      ['NAME_NOT_UTF8', 'bad\uFFFD\uFFFD.env'],
      ['NAME_NOT_UTF8', 'folder\uFFFD'],
      ['NAME_NOT_UTF8', 'link\uFFFD'],
    ]);
  }));

test('Deflate64 is told by its name', async () => {
  const zip = Buffer.from(ZIP);
  zip.writeUInt16LE(9, 8);
  zip.writeUInt16LE(9, zip.indexOf('PK\x01\x02', 0, 'latin1') + 10);
  await withProject({ 'a.zip': zip }, async dir => {
    const [found] = (await checkFile(join(dir, 'a.zip'))).findings;
    assert.ok(found?.code === 'ENTRY_UNREADABLE');
    assert.match(found.reason, 'Deflate64');
  });
});

test('a ZIP64 record is told, whoever made the zip', async () => {
  const zip = Buffer.from(ZIP);
  zip.writeUInt16LE(45, zip.indexOf('PK\x01\x02', 0, 'latin1') + 6);
  await withProject({ 'a.zip': zip }, async dir => {
    assert.equal((await checkFile(join(dir, 'a.zip'))).findings, [
      { code: 'ZIP64_FLAVOUR', level: 'warning', entries: 1 },
    ]);
  });
});

test('a zip in a zip is not looked into', async () => {
  const inner = plainZip({ '../evil': 'x' });
  await withProject({}, async dir => {
    await mkdir(join(dir, 'fn'));
    await writeFile(join(dir, 'inner.zip'), inner);
    await copyFile(join(dir, 'inner.zip'), join(dir, 'fn/inner.zip'));
    assert.equal(await readFile(join(dir, 'fn/inner.zip')), inner);
    assert.equal(
      (await checkFile(join(dir, 'fn'))).findings.map(({ code }) => code),
      ['NESTED_ARCHIVE'],
    );
  });
});

test.run();
