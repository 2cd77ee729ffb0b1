import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadPresets } from '../../src/presets/load.ts';
import { file, keptPaths, makeTree, type PruneCase, pruneTree, TRACED } from './make-tree.ts';

const { presets, alwaysKeep } = await loadPresets();

function pruneSharp(platforms: readonly string[], options: Partial<PruneCase> = {}) {
  const names = platforms.map(platform => `@img/sharp-${platform}`);
  const entries = names.flatMap(name => [
    file(`node_modules/${name}/LICENSE`),
    file(`node_modules/${name}/package.json`),
    file(`node_modules/${name}/lib/sharp.node`, TRACED),
  ]);
  const packages = ['sharp@0.35.5', ...names.map(name => `${name}@0.35.5`)];
  return pruneTree(makeTree(packages, entries), { presets, alwaysKeep, ...options });
}

const kept = (result: ReturnType<typeof pruneSharp>): readonly string[] =>
  result.tree.packages.map(({ name }) => name).filter(name => name.startsWith('@img/'));

test('packages of other platforms go whole, with licence and traced files', () => {
  const result = pruneSharp(['linux-x64', 'linuxmusl-x64', 'darwin-arm64', 'wasm32']);
  assert.equal(kept(result), ['@img/sharp-linux-x64']);
  assert.is(
    keptPaths(result).every(path => path.startsWith('node_modules/@img/sharp-linux-x64/')),
    true,
  );
  assert.equal([...new Set(result.tree.removals.map(({ rule }) => rule.id))], ['sharp/other-platforms']);
});

test('the build that runs everywhere stays where the target has none of its own', () => {
  const result = pruneSharp(['darwin-arm64', 'wasm32']);
  assert.equal(kept(result), ['@img/sharp-wasm32']);
  assert.is(result.findings.length, 0);
});

test('an install for another platform is told of, and nothing goes', () => {
  const result = pruneSharp(['linux-x64'], { arch: 'arm64' });
  assert.equal(kept(result), ['@img/sharp-linux-x64']);
  assert.equal(result.findings, [
    {
      code: 'TARGET_BINARY_MISSING',
      level: 'error',
      package: 'sharp@0.35.5',
      platform: 'linux-arm64',
      found: ['@img/sharp-linux-x64'],
    },
  ]);
});

test('none at all is told of too', () => {
  assert.equal(
    pruneSharp([]).findings.map(({ code }) => code),
    ['TARGET_BINARY_MISSING'],
  );
});

test('the rule can be switched off, and the keep globs of the user beat it', () => {
  const off = pruneSharp(['linux-x64', 'wasm32'], { disable: ['sharp/other-platforms'] });
  assert.is(kept(off).length, 2);
  const held = pruneSharp(['linux-x64', 'wasm32'], { keep: ['node_modules/@img/sharp-wasm32/LICENSE'] });
  assert.ok(keptPaths(held).includes('node_modules/@img/sharp-wasm32/LICENSE'));
});

test.run();
