import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkPreset } from '../../src/presets/check.ts';
import { formatListing, parseListing } from '../../src/presets/listing.ts';
import { recordListing } from '../../src/presets/record.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { rejects } from '../helpers/rejects.ts';
import { FIXTURES, platformOf } from './preset-fixture.ts';

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
}

test('a listing holds bytes and paths by code unit, without nested packages, and links as they are', () =>
  withTempDir(async dir => {
    await write(join(dir, 'package.json'), '{}');
    await write(join(dir, 'lib/B.js'), '12345');
    await write(join(dir, 'lib/a b.js'), '1');
    await write(join(dir, 'lib/node_modules/own.js'), '1');
    await write(join(dir, 'node_modules/inner/index.js'), '1');
    await symlink('B.js', join(dir, 'lib/link.js'));
    assert.is(
      await recordListing(dir),
      '5 lib/B.js\n1 lib/a b.js\n0 lib/link.js\n1 lib/node_modules/own.js\n2 package.json\n',
    );
  }));

test('recording a folder that is not there is an error', async () => {
  await rejects(recordListing('/nowhere/at/all'), 'INPUT_UNREADABLE');
});

test('odd names survive a listing', () => {
  const files = [
    { path: 'a\nb', bytes: 1 },
    { path: '"quoted"', bytes: 2 },
    { path: ' x ü', bytes: 3 },
  ];
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  assert.equal(parseListing(formatListing(files), 'tree.txt'), sorted);
});

test('a line that is no listing is named', () => {
  assert.throws(() => parseListing('1 a\nnonsense\n', 'tree.txt'), /tree\.txt.*line 2/);
});

test('a preset is tried on a listing for both CPUs', async () => {
  const preset = join(process.cwd(), 'presets/npm/onnxruntime-node.json');
  const listing = join(FIXTURES, 'onnxruntime-node/1.30.0/tree.txt');
  const check = await checkPreset(preset, listing, platformOf('x64'));
  assert.is(check.version, '1.30.0');
  const cpu = check.archs.map(({ arch, rules }) => [arch, rules.find(({ id }) => id === 'other-cpu')]);
  assert.equal(cpu, [
    ['x64', { id: 'other-cpu', files: 2, bytes: 25_530_144 }],
    ['arm64', { id: 'other-cpu', files: 2, bytes: 46_218_000 }],
  ]);
  assert.equal(check.warnings, [
    'The rule "second-copy" matches nothing here.',
    'The rule "gpu-providers" matches nothing here.',
  ]);
});

test('a preset is tried on a folder, whose version may be untested', () =>
  withTempDir(async dir => {
    await write(join(dir, 'pkg/package.json'), '{"name":"pkg","version":"1.0.0"}');
    await write(join(dir, 'pkg/docs/a.md'), '12345');
    const rules = [
      { id: 'docs', remove: ['docs/**'], when: ['package.json'], why: 'nobody reads them here' },
    ];
    const path = join(dir, 'own.json');
    await write(path, JSON.stringify({ package: 'pkg', ecosystem: 'npm', versions: '>=2', rules }));
    const check = await checkPreset(path, join(dir, 'pkg'), platformOf('x64'));
    assert.equal(check.archs[0], {
      arch: 'x64',
      rules: [{ id: 'docs', files: 1, bytes: 5 }],
      keptFiles: 1,
      keptBytes: 32,
      sparedFiles: 0,
    });
    assert.is(check.warnings.length, 1);
    await rejects(checkPreset(path, join(dir, 'nothing'), platformOf('x64')), 'INPUT_UNREADABLE');
  }));

test.run();
