import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findUnits, type UnitRequest } from '../../src/layers/find-units.ts';
import type { ZipEntry } from '../../src/zip/read-zip.ts';
import { zipEntry } from '../helpers/zip-entry.ts';

type Told = readonly [name: string, kind: string, paths: readonly string[]];

function told(entries: readonly ZipEntry[], more: Partial<UnitRequest> = {}): readonly Told[] {
  const request: UnitRequest = {
    entries,
    language: 'nodejs',
    isModel: () => false,
    distributions: new Map(),
    ...more,
  };
  return findUnits(request).map(({ name, kind, picks }) => [name, kind, picks.map(({ path }) => path)]);
}

const files = (...paths: readonly string[]): readonly ZipEntry[] => paths.map(path => zipEntry(path));

test('packages go as a whole, by name, with what is nested in them', () => {
  const entries = files(
    'node_modules/b/index.js',
    'node_modules/a/node_modules/b/index.js',
    'node_modules/a/index.js',
    'node_modules/@scope/c/index.js',
  );
  assert.equal(told(entries), [
    ['@scope/c', 'deps', ['nodejs/node_modules/@scope/c/index.js']],
    ['a', 'deps', ['nodejs/node_modules/a/index.js', 'nodejs/node_modules/a/node_modules/b/index.js']],
    ['b', 'deps', ['nodejs/node_modules/b/index.js']],
  ]);
});

test('own files stay, also those in a folder node_modules further down or beside the packages', () => {
  const entries = files(
    'index.mjs',
    'src/node_modules/a/index.js',
    'node_modules/.package-lock.json',
    'node_modules/',
  );
  assert.equal(told(entries), []);
});

test('a package with a native library is native', () => {
  const natives = ['x.node', 'lib/libvips.so', 'lib/libvips.so.42.19.2'];
  for (const path of natives) {
    const entries = files('node_modules/a/index.js', `node_modules/a/${path}`);
    assert.equal(
      told(entries).map(([name, kind]) => [name, kind]),
      [['a', 'native']],
      path,
    );
  }
  assert.is(told(files('node_modules/a/also.js'))[0]?.[1], 'deps');
});

test('own files that are asked for keep their path, in a unit for each folder at the top', () => {
  const entries = files('model/a.onnx', 'model/sub/b.onnx', 'labels.json', 'index.mjs');
  const isModel = (path: string): boolean => path !== 'index.mjs';
  assert.equal(told(entries, { isModel }), [
    ['./labels.json', 'models', ['labels.json']],
    ['model/', 'models', ['model/a.onnx', 'model/sub/b.onnx']],
  ]);
});

test('a file of a package is no own file, and an own folder no package of its name', () => {
  const entries = files('node_modules/model/a.js', 'model/a.onnx');
  const units = told(entries, { isModel: () => true });
  assert.equal(
    units.map(([name, kind]) => [name, kind]),
    [
      ['model', 'deps'],
      ['model/', 'models'],
    ],
  );
});

test('a link to a package goes with the packages', () => {
  const entries = [
    zipEntry('node_modules/a', { kind: 'link' }),
    ...files('node_modules/.pnpm/a@1/node_modules/a/index.js'),
  ];
  assert.equal(
    told(entries).map(([name, , paths]) => [name, paths]),
    [
      ['.pnpm', ['nodejs/node_modules/.pnpm/a@1/node_modules/a/index.js']],
      ['a', ['nodejs/node_modules/a']],
    ],
  );
});

test('sizes count headers, and the path that a file gets', () => {
  const [unit] = findUnits({
    entries: files('node_modules/a/ä.js'),
    language: 'nodejs',
    isModel: () => false,
    distributions: new Map(),
  });
  const path = Buffer.byteLength('nodejs/node_modules/a/ä.js');
  assert.equal([unit?.zippedBytes, unit?.unzippedBytes], [30 + 46 + 2 * path + 40, 100]);
});

test('distributions of Python', () => {
  const distributions = new Map([
    ['numpy', ['numpy/__init__.py', 'numpy/core/_m.so', 'numpy-2.0.dist-info/RECORD']],
    ['six', ['six.py', 'six-1.0.dist-info/RECORD']],
  ]);
  const entries = files(
    'numpy/__init__.py',
    'numpy/core/_m.so',
    'numpy-2.0.dist-info/RECORD',
    'six.py',
    'app.py',
    'node_modules/a/index.js',
  );
  assert.equal(told(entries, { language: 'python', distributions }), [
    [
      'numpy',
      'native',
      ['python/numpy-2.0.dist-info/RECORD', 'python/numpy/__init__.py', 'python/numpy/core/_m.so'],
    ],
    ['six', 'deps', ['python/six.py']],
  ]);
});

test.run();
