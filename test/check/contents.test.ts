import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkNames } from '../../src/check/check-names.ts';
import type { Finding } from '../../src/findings.ts';
import { checkFile, platformOf } from '../helpers/check.ts';
import { plainZip } from '../helpers/plain-zip.ts';
import { type Files, withProject } from '../helpers/project.ts';

type Texts = Readonly<Record<string, string>>;

const MIB = 1024 * 1024;

async function judge(
  fn: Texts,
  runtime: string | null,
  layer: Texts | null = null,
): Promise<readonly Finding[]> {
  const files: Files = { 'fn.zip': plainZip(fn), 'layer.zip': plainZip(layer ?? {}) };
  return withProject(files, async dir => {
    const layers = layer ? [join(dir, 'layer.zip')] : [];
    const platform = runtime === null ? null : platformOf(runtime);
    return (await checkFile(join(dir, 'fn.zip'), platform, layers)).findings;
  });
}

/** Text that no two seeds have in common. */
const fill = (bytes: number, seed: string): string =>
  seed.repeat(Math.ceil(bytes / seed.length)).slice(0, bytes);
const npm = (name: string, version: string): string => JSON.stringify({ name, version });

test('paths that differ in case only are told, the topmost of them', () => {
  assert.equal(checkNames(['a/B.js', 'a/b.js', 'a/c.js', 'd']), [
    { code: 'CASE_COLLISION', level: 'info', paths: ['a/B.js and a/b.js'], count: 1 },
  ]);
  const [folders] = checkNames(['Lib/x/1', 'lib/x/1', 'lib/y']);
  assert.equal(folders, { code: 'CASE_COLLISION', level: 'info', paths: ['Lib and lib'], count: 1 });
  assert.equal(checkNames(['a/b', 'a/c/b', 'b']), []);
});

test('a file that others lie in cannot be unpacked', () => {
  assert.equal(
    checkNames(['a', 'a/b', 'c/d', 'c/de']).map(finding =>
      'path' in finding ? [finding.code, finding.path] : [],
    ),
    [['ENTRY_UNREADABLE', 'a']],
  );
});

test('archives are told, louder where there is nothing else', async () => {
  const [alone] = await judge({ 'function.zip': 'PK' }, null);
  assert.equal(alone, {
    ...{ code: 'NESTED_ARCHIVE', level: 'warning', paths: ['function.zip'], count: 1, bytes: 2, isAll: true },
  });
  const [beside] = await judge({ 'a.tar.gz': 'x', 'index.js': '' }, null);
  assert.equal([beside?.code, beside?.level], ['NESTED_ARCHIVE', 'info']);
  assert.equal(await judge({ 'zip/a.js': '', azip: '' }, null), []);
});

test('what developing leaves is told by kind, with its bytes', async () => {
  const findings = await judge(
    {
      '.git/HEAD': 'ref',
      'node_modules/.cache/x/y': '1',
      'node_modules/a/package.json': npm('a', '1.0.0'),
      'node_modules/a/index.js.map': '{"sources":["a"],"sourcesContent":["b"]}',
      'index.js.map': '{"sources":["a"]}',
      'lib/a.pdb': fill(MIB, 'p'),
      'node_modules/a/test/a.js': '12',
      'test/own.js': '',
      'src/.DS_Store': '',
      'src/git/a.js': '',
    },
    null,
  );
  const brief = findings.map(finding =>
    finding.code === 'DEV_LEFTOVERS'
      ? `${finding.level} ${finding.what} ${finding.count} ${finding.bytes} ${finding.withSources}`
      : finding.code,
  );
  assert.equal([...brief].sort(), [
    'info caches of tools 1 1 0',
    'info files of editors and systems 1 0 0',
    'info source maps 2 57 1',
    'info tests 1 2 0',
    `warning debug symbols 1 ${MIB} 0`,
    'warning version control 1 3 0',
  ]);
});

test('own sources in a map are a warning', async () => {
  const [found] = await judge({ 'index.mjs.map': '{"sourcesContent":["let a"]}' }, null);
  assert.equal([found?.code, found?.level], ['DEV_LEFTOVERS', 'warning']);
});

test('packages that the runtime has are told with their bytes, for its language only', async () => {
  const node = {
    'node_modules/@aws-sdk/client-s3/package.json': npm('@aws-sdk/client-s3', '3.1.0'),
    'node_modules/@smithy/core/package.json': npm('@smithy/core', '2.0.0'),
    'node_modules/other/package.json': npm('other', '1.0.0'),
  };
  const bytes = [...Object.values(node)].slice(0, 2).join('').length;
  assert.equal(await judge(node, 'nodejs22.x'), [
    {
      ...{ code: 'RUNTIME_HAS', level: 'info', runtime: 'nodejs22.x', bytes },
      packages: ['@aws-sdk/client-s3 3.1.0', '@smithy/core 2.0.0'],
    },
  ]);
  assert.equal(await judge(node, 'python3.12'), []);
  const python = {
    'boto3/__init__.py': '12345',
    'boto3-1.40.0.dist-info/RECORD': 'boto3/__init__.py,,\nboto3-1.40.0.dist-info/RECORD,,\n',
    'six.py': '',
    'six-1.17.0.dist-info/METADATA': '',
  };
  const [found] = await judge(python, 'python3.12');
  assert.ok(found?.code === 'RUNTIME_HAS');
  assert.equal(found.packages, ['boto3 1.40.0', 'six 1.17.0']);
  assert.is(found.bytes, 5 + python['boto3-1.40.0.dist-info/RECORD'].length);
  assert.equal(await judge({ 'six.py': '', 'six-1.17.0.dist-info/METADATA': '' }, 'python3.12'), []);
});

test('several copies of a package cost what all but the largest take, also in a layer', async () => {
  const nested = {
    'node_modules/a/package.json': npm('a', '1.0.0'),
    'node_modules/a/index.js': fill(2 * MIB, 'a'),
    'node_modules/b/package.json': npm('b', '1.0.0'),
    'node_modules/b/node_modules/a/package.json': npm('a', '2.0.0'),
    'node_modules/b/node_modules/a/index.js': fill(MIB, 'b'),
  };
  const [found, ...others] = await judge(nested, null);
  assert.equal(others, []);
  assert.ok(found?.code === 'PACKAGE_COPIES');
  assert.equal([found.level, found.count, found.bytes], ['warning', 1, MIB + npm('a', '2.0.0').length]);
  assert.equal(found.copies[0]?.versions, ['1.0.0', '2.0.0']);
  assert.equal(found.copies[0]?.paths, ['node_modules/a', 'node_modules/b/node_modules/a']);

  const small = { 'node_modules/a/package.json': npm('a', '1.0.0') };
  const [layered] = await judge(small, null, { 'nodejs/node_modules/a/package.json': npm('a', '1.0.0') });
  assert.ok(layered?.code === 'PACKAGE_COPIES');
  assert.equal(layered.copies[0]?.paths, ['node_modules/a', '/opt/nodejs/node_modules/a']);
  assert.is(layered.level, 'info');

  const info = (version: string): Texts => ({ [`numpy-${version}.dist-info/METADATA`]: '' });
  const layer = { 'python/numpy-1.0.dist-info/METADATA': '' };
  const [python] = await judge(info('2.0'), 'python3.12', layer);
  assert.equal(python?.code, 'PACKAGE_COPIES');
});

test('equal large files are told once, in zips and folders, and those of copied packages are not told again', async () => {
  const same = fill(100_000, 'same');
  const fn = { 'a/libx.so.1': same, 'b/libx.so.1': same, 'c.bin': fill(100_000, 'other'), 'd.bin': 'small' };
  const ofZip = (await judge(fn, null)).filter(({ code }) => code === 'FILE_COPIES');
  assert.equal(ofZip, [
    {
      ...{ code: 'FILE_COPIES', level: 'info', count: 1, bytes: 100_000 },
      copies: [
        { name: 'libx.so.1', versions: [], paths: ['a/libx.so.1', 'b/libx.so.1'], copies: 2, bytes: 100_000 },
      ],
    },
  ]);
  await withProject(fn, async dir => {
    const { findings } = await checkFile(dir);
    assert.equal(
      findings.filter(({ code }) => code === 'FILE_COPIES'),
      ofZip,
    );
  });
  const copied = {
    'node_modules/a/package.json': npm('a', '1.0.0'),
    'node_modules/a/x.bin': same,
    'node_modules/b/node_modules/a/package.json': npm('a', '1.0.0'),
    'node_modules/b/node_modules/a/x.bin': same,
  };
  assert.equal(
    (await judge(copied, null)).map(({ code }) => code),
    ['PACKAGE_COPIES'],
  );
});

test.run();
