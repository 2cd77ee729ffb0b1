// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of presets
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { file, instance, keptPaths, link, makePreset, makeTree, pruneTree, TRACED } from './make-tree.ts';

const WHY = 'a reason of some length';
const docs = makePreset({ rules: [{ id: 'docs', remove: ['docs/**'], why: WHY }] });
const tree = makeTree(
  ['pkg@1.0.0'],
  [file('node_modules/pkg/index.js', TRACED), file('node_modules/pkg/docs/a.md'), file('handler.mjs')],
);

test('a removal carries its rule, its reason, its bytes and who brought it, and the input is as it was', () => {
  const before = JSON.stringify(tree);
  const { tree: slim } = pruneTree(tree, { presets: [docs] });
  assert.equal(slim.removals, [
    {
      path: 'node_modules/pkg/docs/a.md',
      bytes: 10,
      rule: { id: 'pkg/docs', why: WHY },
      package: 'pkg@1.0.0',
      parents: [],
    },
  ]);
  assert.equal(
    slim.entries.map(({ path }) => path),
    ['handler.mjs', 'node_modules/pkg/index.js'],
  );
  assert.is(JSON.stringify(tree), before);
});

test('pruning what was pruned changes nothing', () => {
  const once = pruneTree(tree, { presets: [docs] });
  assert.equal(pruneTree(once.tree, { presets: [docs] }).tree, once.tree);
});

test('globs are anchored at the package and cannot reach another one', () => {
  const entries = [
    file('docs/mine.md'),
    file('node_modules/pkg/lib/docs/code.js'),
    file('node_modules/pkg/node_modules/inner/docs/b.md'),
  ];
  const nested = makeTree(['pkg@1.0.0'], entries);
  const packages = [...nested.packages, instance('inner', '1.0.0', 'node_modules/pkg/node_modules/inner')];
  assert.is(pruneTree({ ...nested, packages }, { presets: [docs] }).tree.removals.length, 0);
});

test('globs are case sensitive and see names with a dot', () => {
  const entries = [file('node_modules/pkg/Docs/a.md'), file('node_modules/pkg/docs/.hidden/b')];
  const result = pruneTree(makeTree(['pkg@1.0.0'], entries), { presets: [docs] });
  assert.equal(keptPaths(result), ['node_modules/pkg/Docs/a.md']);
});

test('keep beats remove: of the preset, of another preset, of all packages, of the user', () => {
  const keep = [{ glob: 'docs/*.md', why: WHY }];
  const own = makePreset({ rules: docs.rules, keep });
  const other = makePreset({ package: '*', keep }, { name: 'any' });
  assert.is(pruneTree(tree, { presets: [own] }).tree.removals.length, 0);
  assert.is(pruneTree(tree, { presets: [docs, other] }).tree.removals.length, 0);
  assert.is(pruneTree(tree, { presets: [docs], alwaysKeep: keep }).tree.removals.length, 0);
  const byUser = pruneTree(tree, { presets: [docs], keep: ['**/docs/**'] });
  assert.is(byUser.tree.removals.length, 0);
  assert.equal(byUser.spared, [
    { path: 'node_modules/pkg/docs/a.md', by: { id: 'keep **/docs/**', why: 'you asked for it' } },
  ]);
});

test('what the user included, bundled or generated is never taken', () => {
  const origins = [
    { kind: 'include', pattern: 'x' },
    { kind: 'entry', inputs: [] },
    { kind: 'asset', parents: [] },
    { kind: 'generated', by: 'x' },
  ] as const;
  const entries = origins.map((origin, index) => file(`node_modules/pkg/docs/${index}`, origin));
  assert.is(pruneTree(makeTree(['pkg@1.0.0'], entries), { presets: [docs] }).tree.entries.length, 4);
});

test('what the trace reaches stays, unless the rule says that the trace is wrong about it', () => {
  const reached = makeTree(['pkg@1.0.0'], [file('node_modules/pkg/docs/a.js', TRACED)]);
  assert.is(pruneTree(reached, { presets: [docs] }).tree.removals.length, 0);
  const over = makePreset({ rules: [{ id: 'docs', remove: ['docs/**'], why: WHY, overTrace: true }] });
  assert.is(pruneTree(reached, { presets: [over] }).tree.removals.length, 1);
});

test('rules of caution run at level bold or by name, and none that is switched off', () => {
  const preset = makePreset({ rules: [{ id: 'docs', remove: ['docs/**'], why: WHY, risk: 'caution' }] });
  const taken = (options: object): number =>
    pruneTree(tree, { presets: [preset], ...options }).tree.removals.length;
  assert.is(taken({}), 0);
  assert.is(taken({ level: 'bold' }), 1);
  assert.is(taken({ enable: ['pkg/docs'] }), 1);
  assert.is(taken({ enable: ['pkg/*'] }), 1);
  assert.is(taken({ level: 'bold', disable: ['pkg/docs'] }), 0);
  assert.is(taken({ enable: ['pkg/docs'], disable: ['pkg/*'] }), 0);
});

test('the preset written for the package is credited before the one for any', () => {
  const any = makePreset({ package: '*', rules: docs.rules }, { name: 'any' });
  const family = makePreset({ package: 'p*', rules: docs.rules }, { name: 'family' });
  const credit = (presets: readonly (typeof docs)[]): string | undefined =>
    pruneTree(tree, { presets }).tree.removals[0]?.rule.id;
  assert.is(credit([any, family, docs]), 'pkg/docs');
  assert.is(credit([any, family]), 'family/docs');
});

const binaries = makePreset({
  rules: [
    { id: 'os', remove: ['bin/${otherOs}/**'], when: ['bin/${os}/${cpu}/*.node'], why: WHY },
    { id: 'cpu', remove: ['bin/${os}/${otherCpu}/**'], when: ['bin/${os}/${cpu}/*.node'], why: WHY },
  ],
});
const bins = (...platforms: readonly string[]) =>
  makeTree(
    ['pkg@1.0.0'],
    platforms.map(platform => file(`node_modules/pkg/bin/${platform}/a.node`)),
  );

test('binaries of other platforms go where that of the target lies beside them', () => {
  const all = bins('linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64', 'plan9/x64');
  assert.equal(keptPaths(pruneTree(all, { presets: [binaries] })), [
    'node_modules/pkg/bin/linux/x64/a.node',
    'node_modules/pkg/bin/plan9/x64/a.node',
  ]);
  const arm = pruneTree(all, { presets: [binaries], arch: 'arm64' });
  assert.ok(keptPaths(arm).includes('node_modules/pkg/bin/linux/arm64/a.node'));
  assert.is(arm.findings.length, 0);
});

test('where that of the target is missing nothing goes, and a finding names what is there', () => {
  const result = pruneTree(bins('linux/x64', 'darwin/arm64'), { presets: [binaries], arch: 'arm64' });
  assert.is(result.tree.removals.length, 0);
  assert.equal(result.findings, [
    {
      code: 'TARGET_BINARY_MISSING',
      level: 'error',
      package: 'pkg@1.0.0',
      platform: 'linux-arm64',
      found: ['darwin-arm64', 'linux-x64'],
    },
  ]);
  const kind = makePreset({ package: '*', rules: binaries.rules }, { name: 'any' });
  const mild = pruneTree(bins('linux/x64'), { presets: [kind], arch: 'arm64' });
  assert.is(mild.findings[0]?.level, 'warning');
});

test('a rule holds back when another rule takes what it relies on', () => {
  const preset = makePreset({
    rules: [
      { id: 'copy', remove: ['lib.so.1.2'], when: ['lib.so.1'], why: WHY },
      { id: 'all', remove: ['lib.so.1'], why: WHY },
    ],
  });
  const entries = [file('node_modules/pkg/lib.so.1'), file('node_modules/pkg/lib.so.1.2')];
  const result = pruneTree(makeTree(['pkg@1.0.0'], entries), { presets: [preset] });
  assert.equal(keptPaths(result), ['node_modules/pkg/lib.so.1.2']);
});

test('outside of the versions that were tested only guarded rules run, and a finding says so', () => {
  const preset = makePreset({
    versions: '>=2 <3',
    rules: [
      { id: 'plain', remove: ['a'], why: WHY },
      { id: 'guarded', remove: ['b'], when: ['c'], why: WHY },
    ],
  });
  const entries = ['a', 'b', 'c'].map(name => file(`node_modules/pkg/${name}`));
  const at = (version: string) => pruneTree(makeTree([`pkg@${version}`], entries), { presets: [preset] });
  assert.equal(keptPaths(at('1.0.0')), ['node_modules/pkg/a', 'node_modules/pkg/c']);
  assert.equal(at('1.0.0').findings, [
    {
      code: 'PRESET_VERSION_UNTESTED',
      level: 'info',
      preset: 'pkg',
      package: 'pkg@1.0.0',
      versions: '>=2 <3',
    },
  ]);
  assert.equal(keptPaths(at('2.1.0')), ['node_modules/pkg/c']);
  assert.is(at('2.1.0').findings.length, 0);
  assert.is(at('no version').tree.removals.length, 1);
});

test('a rule may name versions of its own', () => {
  const preset = makePreset({ rules: [{ id: 'a', remove: ['a'], versions: '<1.5', why: WHY }] });
  const at = (version: string) =>
    pruneTree(makeTree([`pkg@${version}`], [file('node_modules/pkg/a')]), { presets: [preset] });
  assert.is(at('1.4.9').tree.removals.length, 1);
  assert.is(at('1.5.0').tree.removals.length, 0);
});

test('a rule may ask what the trace reaches', () => {
  const reached = { some: ['node.js'], none: ['web.js'] };
  const preset = makePreset({ rules: [{ id: 'a', remove: ['a'], reached, why: WHY }] });
  const taken = (...names: readonly string[]): number => {
    const entries = ['a', 'node.js', 'web.js'].map(name =>
      names.includes(name) ? file(`node_modules/pkg/${name}`, TRACED) : file(`node_modules/pkg/${name}`),
    );
    return pruneTree(makeTree(['pkg@1.0.0'], entries), { presets: [preset] }).tree.removals.length;
  };
  assert.is(taken('node.js'), 1);
  assert.is(taken(), 0);
  assert.is(taken('node.js', 'web.js'), 0);
});

test('a link goes when all that it leads to goes, and stays when something is left', () => {
  const entries = [
    file('node_modules/pkg/docs/a.md'),
    file('node_modules/pkg/index.js'),
    link('node_modules/pkg/readme', 'docs/a.md'),
    link('node_modules/pkg/again', 'readme'),
    link('node_modules/pkg/folder', 'docs'),
    link('node_modules/alias', 'pkg'),
  ];
  const result = pruneTree(makeTree(['pkg@1.0.0'], entries), { presets: [docs] });
  assert.equal(keptPaths(result), ['node_modules/alias', 'node_modules/pkg/index.js']);
});

test.run();
