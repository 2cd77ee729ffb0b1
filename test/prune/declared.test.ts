// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of presets
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { file, keptPaths, makePreset, makeTree, pruneTree, TRACED } from './make-tree.ts';

const WHY = 'a reason of some length';
const services = makePreset({
  rules: [
    {
      id: 'others',
      remove: ['data/*/**/*'],
      except: ['data/${awsServices}/**/*'],
      declared: 'awsServices',
      why: WHY,
    },
  ],
  keep: [{ glob: 'data/sts/**/*', why: WHY }],
});
const names = ['s3', 's3control', 'sso', 'sts', 'dynamodb', 'dynamodbstreams'];
const tree = makeTree(
  ['pkg@1.0.0'],
  [
    ...names.map(name => file(`node_modules/pkg/data/${name}/1/m.json`)),
    file('node_modules/pkg/data/all.json'),
  ],
);
const kept = (declared: readonly string[] | null) =>
  keptPaths(pruneTree(tree, { presets: [services], declared: { awsServices: declared } })).map(path =>
    path.slice('node_modules/pkg/data/'.length).replace(/\/.*/, ''),
  );

test('only what was declared stays, not what is called alike, nor what the package itself needs', () => {
  assert.equal(kept(['s3', 'dynamodb']), ['all.json', 'dynamodb', 's3', 'sts']);
  assert.equal(kept([]), ['all.json', 'sts']);
});

test('nothing goes where nothing is declared', () => assert.is(kept(null).length, 7));

test('what declaring the names in the code would save is told, where nothing is declared', () => {
  const named = { awsServices: ['s3'] };
  const { findings } = pruneTree(tree, { presets: [services], named });
  assert.equal(findings, [{ code: 'AWS_SERVICES_UNDECLARED', level: 'info', services: ['s3'], bytes: 40 }]);
  const none = { awsServices: null };
  assert.equal(pruneTree(tree, { presets: [services], named: none }).findings, []);
  assert.equal(pruneTree(tree, { presets: [services], named, declared: named }).findings, []);
  assert.equal(pruneTree(tree, { presets: [services], named, disable: ['pkg/others'] }).findings, []);
});

test('a declared name that there is not is told, with the one that is meant', () => {
  const { findings } = pruneTree(tree, {
    presets: [services],
    declared: { awsServices: ['s3', 'dynamodbb', 'zzzzzzzzz'] },
  });
  assert.equal(findings, [
    { code: 'AWS_SERVICE_UNKNOWN', level: 'warning', service: 'dynamodbb', nearest: 'dynamodb' },
    { code: 'AWS_SERVICE_UNKNOWN', level: 'warning', service: 'zzzzzzzzz', nearest: null },
  ]);
});

test('a rule for those who lack a package runs neither beside it nor where a layer brings it', () => {
  const presets = [makePreset({ rules: [{ id: 'm', remove: ['m/*'], without: ['torch'], why: WHY }] })];
  const entries = [file('node_modules/pkg/m/a.js'), file('node_modules/pkg/b.js')];
  const count = (packages: readonly string[], external: readonly string[] = []) =>
    pruneTree(makeTree(packages, entries), { presets, external }).tree.removals.length;
  assert.equal(
    [count(['pkg@1.0.0']), count(['pkg@1.0.0', 'torch@2.0.0']), count(['pkg@1.0.0'], ['torch'])],
    [1, 0, 0],
  );
});

test('a package that goes as a whole takes its licences along, but not what the user keeps', () => {
  const rules = [{ id: 'all', remove: ['lib/**/*'], reached: { none: ['lib/**'] }, whole: true, why: WHY }];
  const presets = [makePreset({ rules })];
  const alwaysKeep = [{ glob: '**/LICENSE', why: WHY }];
  const paths = ['node_modules/pkg/lib/LICENSE', 'node_modules/pkg/lib/a.js', 'node_modules/pkg/b.js'];
  const prune = (keep: readonly string[], origin = file('x').origin) =>
    keptPaths(
      pruneTree(
        makeTree(
          ['pkg@1.0.0'],
          paths.map(path => file(path, path.endsWith('a.js') ? origin : undefined)),
        ),
        {
          presets,
          alwaysKeep,
          keep,
        },
      ),
    ).length;
  assert.equal([prune([]), prune(['**/LICENSE']), prune([], TRACED)], [1, 2, 3]);
});

test.run();
