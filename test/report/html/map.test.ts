import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { countChanges, listChanges } from '../../../src/report/html/client/changes.ts';
import { listItems, mergeItems, weighAll } from '../../../src/report/html/client/items.ts';
import { layOut, neighbourOf } from '../../../src/report/html/client/layout.ts';
import { findFiles } from '../../../src/report/html/client/search.ts';
import { findPath, type Grouping, type MapNode, makeTree } from '../../../src/report/html/client/tree.ts';
import { formatChange, formatShare, growthOf } from '../../../src/report/html/client/words.ts';
import type { PageFile, PageSubject } from '../../../src/report/html/page-types.ts';
import { makeSubject } from '../../helpers/page.ts';

const SUBJECT = makeSubject({
  files: [
    ['index.mjs', 20, 10, 0, 1],
    ['numpy/core/a.so', 300, 100, 1, 0],
    ['numpy/core/b.py', 30, 9, 1, 2],
    ['numpy.libs/blas.so', 500, 300, 1, 0],
    ['node_modules/sharp/lib/deep/sharp.node', 100, 40, 2, 0],
    ['node_modules/sharp/lib/deep/index.js', 5, 2, 2, 1],
  ],
  removals: [
    ['node_modules/sharp/docs/x.md', 50, 2, 1, 0],
    ['node_modules/sharp/docs/y.md', 60, 2, 1, 0],
  ],
});

const plant = (grouping: Grouping, subject: PageSubject = SUBJECT, show: 'kept' | 'both' = 'kept'): MapNode =>
  makeTree(weighAll(listItems(subject, show), 'bytes'), grouping, subject);
const names = ({ children }: MapNode): readonly string[] => children.map(({ name }) => name);

test('packages hold their folders, the largest first, and no group repeats the way to it', () => {
  const tree = plant('package');
  assert.equal([tree.value, tree.files], [955, 6]);
  assert.equal(names(tree), ['numpy@2.1.0', 'sharp@0.35.5', 'your files']);
  assert.equal(names(tree.children[0] as MapNode), ['numpy.libs', 'numpy/core']);
  assert.equal(names(tree.children[1] as MapNode), ['sharp.node', 'index.js']);
});

test('kinds hold packages, folders are joined where they hold one only', () => {
  const tree = plant('kind');
  assert.equal(names(tree), ['Native libraries', 'Python', 'JavaScript']);
  assert.equal(names(tree.children[0] as MapNode), ['numpy@2.1.0', 'sharp@0.35.5']);
  assert.equal(names(plant('folder')), [
    'numpy.libs',
    'numpy/core',
    'node_modules/sharp/lib/deep',
    'index.mjs',
  ]);
});

test('what was removed is grouped by its reason, apart from what stays', () => {
  const tree = plant('rule', SUBJECT, 'both');
  assert.equal(
    tree.children.map(({ name, value, removed }) => [name, value, removed]),
    [
      ['stays', 955, 0],
      ['sharp/docs', 110, 110],
    ],
  );
});

test('a box is found by its key, and a lost one gives the whole', () => {
  const tree = plant('package');
  const core = tree.children[0]?.children[1] as MapNode;
  assert.equal(
    findPath(tree, core.key).map(({ name }) => name),
    ['', 'numpy@2.1.0', 'numpy/core'],
  );
  assert.equal(findPath(tree, 'elsewhere'), [tree]);
});

test('paths that are a file and a folder, or there twice, are all counted', () => {
  const files: readonly PageFile[] = [
    ['a', 1, 1, 0, 0],
    ['a/b', 2, 1, 0, 0],
    ['a/b', 4, 1, 0, 0],
    ['__proto__/constructor', 8, 1, 0, 0],
    ['/', 16, 1, 0, 0],
  ];
  const tree = plant('folder', makeSubject({ files }));
  assert.equal([tree.value, tree.files], [31, 5]);
});

test('a path of thousands of folders is shown in the hundredth', () => {
  const deep = `${'a/'.repeat(30_000)}x.js`;
  const files: readonly PageFile[] = [
    [deep, 7, 1, 0, 1],
    [`${'a/'.repeat(20_000)}b/y.js`, 5, 1, 0, 1],
  ];
  const tree = plant('folder', makeSubject({ files }));
  assert.equal([tree.value, tree.files], [12, 2]);
  assert.is(findFiles(tree, 'x.js')?.leaves[0]?.item?.path, deep);
});

test('a search finds every word in any case, and marks the boxes on the way', () => {
  const tree = plant('package');
  const found = findFiles(tree, ' NUMPY .so');
  assert.equal(
    found?.leaves.map(({ name }) => name),
    ['blas.so', 'a.so'],
  );
  assert.is(found?.bytes, 800);
  assert.ok(found?.holds.has(tree.children[0]?.key ?? ''));
  assert.not.ok(found?.holds.has(tree.children[1]?.key ?? ''));
  assert.is(findFiles(tree, '  '), null);
  assert.equal(findFiles(tree, 'nothing like it')?.leaves, []);
});

/** Many files in many folders, of sizes that differ. */
const manyFiles = (count: number): readonly PageFile[] =>
  Array.from({ length: count }, (_, i) => [`p${i % 40}/f${i % 7}/x${i}.js`, 10 + (i % 97) * 50, 5, 0, 1]);

test('a map of any number of files has a few hundred boxes, and shows all bytes', () => {
  for (const count of [1, 5000, 50_000]) {
    const tree = plant('folder', makeSubject({ files: manyFiles(count) }));
    const tiles = layOut(tree, 1160, 560, 'value');
    assert.ok(tiles.length > 0 && tiles.length <= 800, `${count}: ${tiles.length}`);
    const top = tiles.filter(({ depth }) => depth === 1);
    assert.is(
      top.reduce((sum, { node }) => sum + node.value, 0),
      tree.value,
    );
  }
});

test('thousands of equal files in one folder become some boxes and one for the rest', () => {
  const files = Array.from({ length: 5000 }, (_, i): PageFile => [`x${i}`, 100, 1, 0, 1]);
  const tiles = layOut(plant('folder', makeSubject({ files })), 1160, 560, 'value');
  const rest = tiles.filter(({ others }) => others > 0);
  assert.is(rest.length, 1);
  assert.is((rest[0]?.others ?? 0) + tiles.length - 1, 5000);
});

test('boxes lie inside the map and inside their parents, and those beside each other do not overlap', () => {
  const tiles = layOut(plant('folder', makeSubject({ files: manyFiles(500) })), 1000, 500, 'value');
  const top = tiles.filter(({ depth }) => depth === 1);
  for (const { x, y, width, height } of tiles)
    assert.ok(x >= 0 && y >= 0 && x + width <= 1000 && y + height <= 500);
  for (const a of top)
    for (const b of top) {
      if (a === b) continue;
      const apart =
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      assert.ok(apart, `${a.node.name} and ${b.node.name}`);
    }
});

test('a map of nothing has no boxes', () => {
  assert.equal(layOut(plant('folder', makeSubject({ files: [] })), 100, 100, 'value'), []);
  assert.equal(layOut(plant('folder', makeSubject({ files: [['a', 0, 0, 0, 0]] })), 100, 100, 'value'), []);
});

test('arrows go to the nearest box in their direction, and stop at the edge', () => {
  const files: readonly PageFile[] = [
    ['a', 50, 1, 0, 0],
    ['b', 50, 1, 0, 0],
  ];
  const tiles = layOut(plant('folder', makeSubject({ files })), 400, 100, 'value');
  const [left, right] = [...tiles].sort((one, other) => one.x - other.x);
  assert.ok(left && right && left.x < right.x);
  assert.is(neighbourOf(tiles, left, 'right'), right);
  assert.is(neighbourOf(tiles, right, 'left'), left);
  assert.is(neighbourOf(tiles, left, 'left'), null);
});

const AFTER = makeSubject({
  packages: ['your files', 'numpy@2.2.0', 'pillow@12.0.0'],
  files: [
    ['index.mjs', 20, 10, 0, 1],
    ['numpy/core/a.so', 900, 200, 1, 0],
    ['PIL/x.so', 70, 30, 2, 0],
  ],
});

test('two artifacts are compared by package, whatever the version', () => {
  assert.equal(
    listChanges(SUBJECT, AFTER).map(({ name, from, to, before, after }) => [name, from, to, before, after]),
    [
      ['sharp', 'sharp@0.35.5', null, 105, 0],
      ['numpy', 'numpy@2.1.0', 'numpy@2.2.0', 830, 900],
      ['pillow', null, 'pillow@12.0.0', 0, 70],
    ],
  );
  assert.equal(countChanges(SUBJECT, AFTER), { added: 1, gone: 4, changed: 1 });
});

test('one tree holds both artifacts, so that both maps zoom alike', () => {
  const merged = mergeItems(listItems(SUBJECT, 'kept'), listItems(AFTER, 'kept'), 'bytes');
  const tree = makeTree(merged, 'package', AFTER, true);
  assert.equal(
    tree.children.map(node => [node.name, node.before, node.value, growthOf(node)]),
    [
      ['numpy', 830, 900, 'grown'],
      ['sharp', 105, 0, 'gone'],
      ['pillow', 0, 70, 'new'],
      ['your files', 20, 20, 'same'],
    ],
  );
  assert.not.ok(layOut(tree, 500, 300, 'value').some(({ node }) => node.name === 'sharp'));
});

test('figures are told in words', () => {
  assert.is(formatShare(1, 3), '33.3 %');
  assert.is(formatShare(1, 100_000), '< 0.1 %');
  assert.is(formatShare(0, 0), '0 %');
  assert.is(formatChange(2048, 1024), '−1 KiB');
  assert.is(formatChange(5, 5), 'no change');
});

test.run();
