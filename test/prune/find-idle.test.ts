import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { file, makePreset, makeTree, pruneTree } from './make-tree.ts';

const rules = [
  { id: 'docs', remove: ['docs/**'], why: 'a reason of some length' },
  { id: 'idle', remove: ['nowhere/**'], why: 'a reason of some length' },
];
const tree = makeTree(['pkg@1.0.0'], [file('node_modules/pkg/docs/a.md')]);

test('a built-in rule that matches nothing is normal', () => {
  assert.equal(pruneTree(tree, { presets: [makePreset({ rules })] }).findings, []);
});

test("a user's rule that matches nothing is told of", () => {
  const preset = makePreset({ rules }, { user: true });
  const finding = { code: 'RULE_MATCHED_NOTHING', level: 'warning', rule: 'pkg/idle', package: 'pkg' };
  assert.equal(pruneTree(tree, { presets: [preset] }).findings, [finding]);
  assert.equal(pruneTree(tree, { presets: [preset], disable: ['pkg/idle'] }).findings, []);
});

test('so is a rule enabled by name', () => {
  const preset = makePreset({ rules });
  const { findings } = pruneTree(tree, { presets: [preset], enable: ['pkg/idle', 'pkg/docs', 'pkg/*'] });
  assert.equal(
    findings.map(finding => [finding.code, 'rule' in finding && finding.rule]),
    [['RULE_MATCHED_NOTHING', 'pkg/idle']],
  );
});

test('the name of a rule that does not exist is told of, with its nearest neighbour', () => {
  const { findings } = pruneTree(tree, { presets: [makePreset({ rules })], disable: ['pkg/dosc'] });
  assert.equal(findings, [{ code: 'RULE_UNKNOWN', level: 'warning', rule: 'pkg/dosc', nearest: 'pkg/docs' }]);
});

test('a keep glob that matches nothing is told of', () => {
  const { findings } = pruneTree(tree, { presets: [], keep: ['nothing/**', 'node_modules/**'] });
  assert.equal(findings, [{ code: 'KEEP_MATCHED_NOTHING', level: 'warning', pattern: 'nothing/**' }]);
});

test.run();
