import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeLibraryIndex } from '../../src/codec/library-index.ts';
import type { Entry } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { writeZip } from '../../src/zip/write-zip.ts';
import { checkFile, platformOf } from '../helpers/check.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';
import { link, memoryFile, withRoom } from '../zip/fixtures.ts';

const ELF = (name: string): Promise<Buffer> => readFile(join('fixtures/elf', name));
const NODE = platformOf('nodejs24.x');

/** A function with one of everything that the gate finds without asking for more than real files give. */
async function makeEntries(): Promise<readonly Entry[]> {
  const tiny = await ELF('libtiny.so.1');
  return [
    memoryFile('index.mjs', 'export const handler = 1;'),
    memoryFile('lib/libtiny.so.1', tiny),
    link('lib/libtiny.so', 'libtiny.so.1'),
    memoryFile('arm/libtiny.so.1', await ELF('libtiny-aarch64.so')),
    memoryFile('bad/libpatched.so', await ELF('libpatched-gnu.so')),
    memoryFile('bin/program', await ELF('program')),
    memoryFile('cut/libcut.so', tiny.subarray(0, 50)),
    memoryFile('mac/addon.node', Buffer.from('cffaedfe0c00000100000000', 'hex')),
    memoryFile('java/A.class', Buffer.from('cafebabe0000003d', 'hex')),
    memoryFile('text/libtext.so', 'GROUP ( libc.so.6 )'),
    memoryFile('text/mz.txt', 'MZ is how this text begins.'),
  ];
}

const FOUND = [
  'ARCH_MISMATCH error arm/libtiny.so.1',
  'EXEC_BIT_LOST error bin/program',
  'LIBRARY_BROKEN error cut/libcut.so',
  'LIBRARY_BROKEN warning text/libtext.so',
  'LIB_BY_NAME info lib/libtiny.so.1',
  'NOT_LINUX error mac/addon.node',
  'STRIP_DAMAGED error bad/libpatched.so',
];

const brief = (findings: readonly object[]): readonly string[] =>
  findings
    .map(finding => finding as { code: string; level: string; paths?: readonly string[]; path?: string })
    .map(({ code, level, paths, path }) => `${code} ${level} ${paths?.[0] ?? path}`);

test('a zip and a folder of the same files say the same', () =>
  withRoom(async ({ dir, out, options }) => {
    const entries = await makeEntries();
    await writeZip(out, entries, options);
    const ofZip = await checkFile(out, NODE);
    assert.equal(brief(ofZip.findings), FOUND);
    assert.is(ofZip.natives, 7);

    const folder = join(dir, 'unpacked');
    for (const entry of entries) {
      const path = join(folder, entry.path);
      await mkdir(join(path, '..'), { recursive: true });
      if (entry.kind === 'link') await symlink(entry.target, path);
      else if (entry.source.kind === 'memory') await writeFile(path, entry.source.data);
    }
    const ofFolder = await checkFile(folder, NODE);
    assert.equal(ofFolder.findings, ofZip.findings);
    assert.equal(ofFolder.natives, 7);
    const { zippedBytes, sha256, codeSha256, files } = ofFolder.artifact;
    assert.equal([zippedBytes, sha256, codeSha256, files], [null, null, null, 11]);
  }));

test('without a platform the same files are judged as far as that goes', () =>
  withRoom(async ({ out, options }) => {
    await writeZip(out, await makeEntries(), options);
    const { findings } = await checkFile(out);
    assert.equal(brief(findings), [
      'ARCH_MISMATCH warning arm/libtiny.so.1',
      ...FOUND.slice(1).filter(line => !line.startsWith('LIB_BY_NAME')),
    ]);
  }));

const CHUNK = {
  offset: 0,
  bytes: 8,
  at: 0,
  compressedBytes: 4,
  crc32: 1,
  format: 'zstd',
  filter: null,
} as const;
const COMPRESSED = {
  path: 'build/addon.node',
  mode: '0644',
  bytes: 8,
  blob: '0-addon.node.zst',
  chunks: [CHUNK],
} as const;

/** An artifact with an addon that is empty, and an index of what travels compressed. */
const compressed = (index: string): readonly Entry[] => [
  memoryFile('.lambda-slim/0-addon.node.zst', 'four'),
  memoryFile('.lambda-slim/index.json', index),
  memoryFile('.lambda-slim/inflate.cjs', ''),
  memoryFile('.lambda-slim/follow.cjs', ''),
  memoryFile('.lambda-slim/inflate-chunks.cjs', ''),
  memoryFile('build/addon.node', ''),
];

const indexOf = (files: Parameters<typeof makeLibraryIndex>[0]['files']): string =>
  JSON.stringify(makeLibraryIndex({ files, links: [], addons: [] }));

test('libraries that travel compressed count as being there, and what stands for them as nothing', () =>
  withRoom(async ({ out, options }) => {
    await writeZip(out, compressed(indexOf([COMPRESSED])), options);
    assert.equal((await checkFile(out, NODE)).findings, []);
    await writeZip(out, compressed(indexOf([])), options);
    assert.equal(brief((await checkFile(out, NODE)).findings), ['LIBRARY_BROKEN warning build/addon.node']);
  }));

test('compressed libraries have to be inflatable by the runtime, whole, and have room in /tmp', () =>
  withRoom(async ({ out, options }) => {
    const codes = async (entries: readonly Entry[], runtime: string): Promise<readonly string[]> => {
      await writeZip(out, entries, options);
      return (await checkFile(out, platformOf(runtime))).findings.map(
        ({ code, level }) => `${code} ${level}`,
      );
    };
    const sound = compressed(indexOf([COMPRESSED]));
    assert.equal(await codes(sound, 'nodejs24.x'), []);
    assert.equal(await codes(sound, 'python3.12'), ['INFLATE_UNSUPPORTED error']);
    assert.equal(await codes(sound.slice(1), 'nodejs24.x'), ['COMPRESSED_BROKEN error']);
    const cut = [memoryFile('.lambda-slim/0-addon.node.zst', 'cut'), ...sound.slice(1)];
    assert.equal(await codes(cut, 'nodejs24.x'), ['COMPRESSED_BROKEN error']);
    const shimless = sound.filter(({ path }) => !path.endsWith('inflate-chunks.cjs'));
    assert.equal(await codes(shimless, 'nodejs24.x'), ['COMPRESSED_BROKEN error']);
    assert.ok((await codes(compressed('{"schema":1}'), 'nodejs24.x')).includes('COMPRESSED_BROKEN error'));
    const chunks = Array.from({ length: 40 }, (_, at) => {
      const bytes = 16 * 1024 * 1024;
      return { ...CHUNK, offset: at * bytes, bytes, at, compressedBytes: 1 };
    });
    const huge = indexOf([{ ...COMPRESSED, bytes: 40 * 16 * 1024 * 1024, chunks }]);
    const whole = [memoryFile('.lambda-slim/0-addon.node.zst', 'x'.repeat(40)), ...compressed(huge).slice(1)];
    assert.equal(await codes(whole, 'nodejs24.x'), ['TMP_TOO_SMALL error']);
  }));

test('layers count into the unzipped limit', () =>
  withTempDir(async dir => {
    for (const [fill, name] of ['fn', 'layer'].entries()) {
      await mkdir(join(dir, name));
      await writeFile(join(dir, name, 'data'), Buffer.alloc(131_072_000, fill));
    }
    assert.equal((await checkFile(join(dir, 'fn'))).findings, []);
    assert.equal((await checkFile(join(dir, 'fn'), null, [join(dir, 'layer')])).findings, [
      { code: 'LIMIT_UNZIPPED', level: 'error', bytes: 262_144_000, limit: 262_144_000 },
    ]);
  }));

test('what is not there, or no zip, is refused by name', () =>
  withProject({ 'fn/a.js': '', 'text.txt': 'text' }, async dir => {
    const error = await rejects(checkFile(join(dir, 'gone')), 'INPUT_UNREADABLE');
    assert.match(error.message, 'gone');
    await rejects(checkFile(join(dir, 'fn'), null, [join(dir, 'gone.zip')]), 'INPUT_UNREADABLE');
    await rejects(checkFile(join(dir, 'fn'), null, [join(dir, 'text.txt')]), 'NOT_A_ZIP');
  }));

test('a folder or file that may not be read is refused by name', () =>
  withProject({ 'closed/a.so': 'x', 'file/a.so': 'x' }, async dir => {
    if (process.getuid?.() === 0) return;
    await chmod(join(dir, 'closed'), 0);
    await chmod(join(dir, 'file/a.so'), 0);
    await rejects(checkFile(join(dir, 'closed')), 'INPUT_UNREADABLE');
    await rejects(checkFile(join(dir, 'file')), 'FILE_UNREADABLE');
    await chmod(join(dir, 'closed'), 0o755);
  }));

test('links of a folder are kept, not followed', () =>
  withProject(
    { 'fn/a.js': '', 'outside/lib/liba.so': 'no library', 'fn/out': '-> ../outside', 'fn/loop': '-> .' },
    async dir => {
      const { artifact, findings } = await checkFile(join(dir, 'fn'), NODE);
      assert.is(artifact.files, 3);
      assert.equal(
        findings.map(finding => finding.code === 'LINK_BROKEN' && [finding.path, finding.reason]),
        [['out', 'outside']],
      );
    },
  ));

test.run();
