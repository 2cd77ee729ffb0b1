import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type BaselineItem,
  readBaseline,
  toBaselineFunction,
  writeBaseline,
} from '../../src/inventory/baseline.ts';
import { compareWithBaseline } from '../../src/inventory/compare.ts';
import { makeBringers } from '../../src/inventory/find-bringers.ts';
import { readInventory } from '../../src/inventory/read-inventory.ts';
import { plainZip } from '../helpers/plain-zip.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const { signal } = new AbortController();

const npm = (name: string, version: string, more: object = {}): string =>
  JSON.stringify({ name, version, license: 'MIT', ...more });

const NODE = {
  'index.mjs': 'x'.repeat(100),
  'node_modules/a/package.json': npm('a', '1.0.0', { dependencies: { '@s/b': '1' } }),
  'node_modules/a/index.js': 'y'.repeat(50),
  'node_modules/a/node_modules/@s/b/package.json': npm('@s/b', '2.0.0'),
  'node_modules/@s/b/package.json': npm('@s/b', '1.0.0'),
  'data/table.csv': '1',
};

const PYTHON = {
  'app.py': 'x',
  'numpy/core.py': 'y'.repeat(20),
  'numpy/__pycache__/core.cpython-312.pyc': 'z'.repeat(7),
  'NumPy_Tools-2.0.dist-info/METADATA':
    'Name: NumPy_Tools\nVersion: 2.0\nRequires-Dist: six>1\nLicense-Expression: BSD-3-Clause\n\n',
  'NumPy_Tools-2.0.dist-info/RECORD':
    'numpy/core.py,,\nNumPy_Tools-2.0.dist-info/METADATA,,\n../../escape.py,,\n',
};

const labels = (packages: readonly { name: string; version: string }[]): readonly string[] =>
  packages.map(({ name, version }) => `${name}@${version}`);

test('a zip and a folder of the same files have the same inventory, nested and scoped packages by their own manifests', () =>
  withProject(NODE, async dir => {
    const zip = join(dir, '..', `${dir.split('/').at(-1)}.zip`);
    await writeFile(zip, plainZip(NODE));
    const [ofZip, ofFolder] = [await readInventory(zip, signal), await readInventory(dir, signal)];
    assert.equal(labels(ofZip.packages), ['@s/b@1.0.0', '@s/b@2.0.0', 'a@1.0.0']);
    assert.equal(labels(ofFolder.packages), labels(ofZip.packages));
    assert.is(ofFolder.unzippedBytes, ofZip.unzippedBytes);
    assert.equal([ofFolder.zippedBytes, ofZip.zippedBytes !== null], [null, true]);
    const groups = Object.fromEntries(ofZip.files.map(({ path, group }) => [path, group]));
    assert.is(groups['node_modules/a/index.js'], 'a@1.0.0');
    assert.is(groups['node_modules/a/node_modules/@s/b/package.json'], '@s/b@2.0.0');
    assert.is(groups['index.mjs'], 'your files');
    assert.is(groups['data/table.csv'], 'your files in data/');
  }));

test('Python distributions own what their RECORD lists and the bytecode beside it, and nothing outside', () =>
  withProject(PYTHON, async dir => {
    const { packages, files } = await readInventory(dir, signal);
    assert.equal(labels(packages), ['numpy-tools@2.0']);
    assert.equal(
      [packages[0]?.requires, packages[0]?.license, packages[0]?.files],
      [['six'], 'BSD-3-Clause', 4],
    );
    assert.is(files.find(({ path }) => path === 'app.py')?.group, 'your files');
  }));

test('a manifest that is no JSON is no package, and what a manifest of a build says of bundles counts', () =>
  withProject({ 'fn/node_modules/a/package.json': '{', 'fn/index.mjs': 'x'.repeat(100) }, async dir => {
    const path = join(dir, 'fn');
    assert.equal((await readInventory(path, signal)).packages, []);
    const bundled = { name: 'zod', version: '4.1.5', bytes: 60, requires: [], license: 'MIT' };
    const entries = [{ path: 'index.mjs', origin: { kind: 'entry', inputs: [], packages: [bundled] } }];
    await writeFile(`${path}.manifest.json`, JSON.stringify({ name: 'api', entries }));
    const inventory = await readInventory(path, signal);
    assert.equal([inventory.name, labels(inventory.packages)], ['api', ['zod@4.1.5']]);
    const { items } = toBaselineFunction([inventory]);
    const bytes = Object.fromEntries(items.map(({ name, bytes }) => [name, bytes]));
    assert.equal([bytes.zod, bytes['your bundled code']], [60, 40]);
    assert.is(
      items.reduce((sum, each) => sum + each.bytes, 0),
      inventory.unzippedBytes,
    );
  }));

test('a baseline says what came, went, changed its version and grew, the largest change first', () =>
  withProject(NODE, async dir => {
    const now = await readInventory(dir, signal);
    const sums = toBaselineFunction([now]);
    const old: BaselineItem[] = [
      { kind: 'npm', name: 'a', versions: ['0.9.0'], bytes: 10_000 },
      { kind: 'npm', name: 'gone', versions: ['3.0.0'], bytes: 500 },
      ...sums.items.filter(({ name }) => name.startsWith('your')),
    ];
    const before = { ...sums, items: old };
    const growth = compareWithBaseline(before, sums, makeBringers(now.packages));
    assert.equal(
      growth.items.map(({ change, name, from, to, broughtBy }) => [change, name, from, to, broughtBy]),
      [
        ['updated', 'a', '0.9.0', '1.0.0', []],
        ['removed', 'gone', '3.0.0', null, []],
        ['added', '@s/b', null, '1.0.0, 2.0.0', ['a']],
      ],
    );
    assert.equal(compareWithBaseline(sums, sums, () => []).items, []);
  }));

test('a baseline is read as it was written, and the same artifact writes the same bytes', () =>
  withProject(NODE, async dir => {
    const sums = toBaselineFunction([await readInventory(dir, signal)]);
    const [a, b] = [join(dir, 'a.json'), join(dir, 'b.json')];
    await writeBaseline(a, { z: sums, a: { ...sums, items: [] } });
    await writeBaseline(b, { a: { ...sums, items: [] }, z: sums });
    const { functions } = await readBaseline(a);
    assert.equal(functions.z, sums);
    assert.equal(Object.keys(functions), ['a', 'z']);
    assert.equal(await readBaseline(b), await readBaseline(a));
  }));

test('a baseline that is missing, broken or of another schema is refused with the reason', () =>
  withProject(
    {
      'other.json': '{"schema":2,"functions":{}}',
      'broken.json': '{"schema":1',
      'wrong.json': '{"schema":1,"functions":{"a":{}}}',
    },
    async dir => {
      await rejects(readBaseline(join(dir, 'none.json')), 'BASELINE_MISSING');
      const messages = [];
      for (const name of ['other', 'broken', 'wrong'])
        messages.push((await rejects(readBaseline(join(dir, `${name}.json`)), 'BASELINE_INVALID')).message);
      assert.match(messages[0] ?? '', 'its schema is 2, and this version reads 1');
      assert.match(messages[1] ?? '', 'not JSON');
      assert.match(messages[2] ?? '', 'functions.a.');
    },
  ));

test.run();
