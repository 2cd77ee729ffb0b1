import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Explanation, explainPath } from '../../src/report/explain.ts';
import { formatExplanation } from '../../src/report/format-explanation.ts';
import { PLAIN_STYLE } from '../../src/report/style.ts';
import { entryOf, makeResult } from '../helpers/results.ts';

function kept(path: string): Extract<Explanation, { kind: 'kept' }> {
  const answer = explainPath(path, makeResult());
  if (answer.kind !== 'kept') throw new Error(`${path} is ${answer.kind}`);
  return answer;
}

function removed(path: string): Extract<Explanation, { kind: 'removed' }> {
  const answer = explainPath(path, makeResult());
  if (answer.kind !== 'removed') throw new Error(`${path} is ${answer.kind}`);
  return answer;
}

const pathsOf = (answer: { readonly chain: readonly { readonly path: string }[] }): readonly string[] =>
  answer.chain.map(step => step.path);

test('the chain is the shortest, goes up to the bundle, and survives a cycle', () => {
  assert.equal(pathsOf(kept('node_modules/b/lib.so')), [
    'node_modules/b/lib.so',
    'node_modules/a/index.js',
    'src/picture.ts',
    'index.mjs',
  ]);
  assert.is(kept('node_modules/b/lib.so').package, 'b@2.0.0');
});

test('a cycle without a way out ends as well', () => {
  const entries = [
    entryOf('x.js', 1, { kind: 'traced', parents: ['y.js'] }),
    entryOf('y.js', 1, { kind: 'traced', parents: ['x.js'] }),
  ];
  const answer = explainPath('x.js', makeResult({ tree: { entries, packages: [], removals: [] } }));
  assert.ok(answer.kind === 'kept' && answer.chain.length === 2);
});

test('the handler and an included file are their own reasons', () => {
  assert.equal(pathsOf(kept('index.mjs')), ['index.mjs']);
  assert.match(kept('model/net.onnx').chain[0]?.because ?? '', '"model/**"');
});

test('a removed file names its rule, its bytes and what keeps it', () => {
  const answer = removed('node_modules/b/arm64/lib.so');
  assert.equal(answer.rule, { id: 'b/other-cpu', why: 'a function has one architecture' });
  assert.is(answer.bytes, 30 * 1024 * 1024);
  assert.is(answer.package, 'b@2.0.0');
  assert.is(answer.disable, 'b/other-cpu');
  assert.is(pathsOf(answer).at(-1), 'index.mjs');
});

test('what collect left out is no rule to switch off', () => {
  const answer = removed('node_modules/a/README.md');
  assert.is(answer.disable, null);
  assert.is(answer.package, 'a@1.0.0', 'found by the folder it lies in');
});

test('the end of a path is enough when it is unique, else part of a file name, or the name of a package', () => {
  assert.is(removed('x.so').path, 'node_modules/b/arm64/x.so');
  assert.is(kept('./b/loop.js').path, 'node_modules/b/loop.js');
  assert.is(kept('model\\net.onnx').path, 'model/net.onnx');
  assert.is(kept('oop.j').path, 'node_modules/b/loop.js');
  assert.is(explainPath('b/lo', makeResult()).kind, 'unknown', 'a part of a name holds no slash');
});

test('several fitting paths are listed', () => {
  assert.equal(explainPath('lib.so', makeResult()), {
    kind: 'several',
    path: 'lib.so',
    matches: ['node_modules/b/arm64/lib.so', 'node_modules/b/lib.so'],
  });
});

test('an unknown path gets its nearest neighbours', () => {
  const byPath = explainPath('node_modules/b/lob.so', makeResult());
  assert.is(byPath.kind === 'unknown' && byPath.nearest[0], 'node_modules/b/lib.so');
  const byName = explainPath('raedme.md', makeResult());
  assert.equal(byName.kind === 'unknown' && byName.nearest, ['node_modules/a/README.md']);
});

test('the words say how to keep what went', () => {
  const text = formatExplanation(removed('arm64/lib.so'), 'function', PLAIN_STYLE).join('\n');
  assert.match(text, 'removed, 30 MiB, of b@2.0.0');
  assert.match(text, '"keep": ["node_modules/b/arm64/lib.so"]');
  assert.match(text, '"rules": { "disable": ["b/other-cpu"] }');
  assert.match(text, '--keep node_modules/b/arm64/lib.so');
  assert.match(text, 'it belonged to');
});

test('the words of a kept file read from it up to the handler', () => {
  const lines = formatExplanation(kept('b/loop.js'), 'function', PLAIN_STYLE);
  assert.equal(lines.slice(3), [
    '  because it is',
    '      imported by',
    '      node_modules/b/lib.so',
    '        imported by',
    '        node_modules/a/index.js',
    '          imported by',
    '          src/picture.ts',
    '            a source file in the bundle',
    '            index.mjs',
    '              the handler, bundled with what it imports',
  ]);
});

test.run();
