import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadPresets } from '../../src/presets/load.ts';
import { type PruneOptions, prune } from '../../src/prune/prune.ts';
import type { Arch, Runtime } from '../../src/types.ts';
import { file, keptPaths, makeTree, TRACED } from './make-tree.ts';
import { platformOf } from './preset-fixture.ts';

const library = await loadPresets();

interface BuiltInCase extends Partial<PruneOptions> {
  readonly arch?: Arch;
  readonly runtime?: Partial<Runtime>;
}

/** Prunes one package of the given files with the built-in presets. */
function pruneFiles(label: string, names: readonly string[], options: BuiltInCase = {}) {
  const { arch = 'x64', runtime, ...rest } = options;
  const platform = platformOf(arch);
  const dir = `node_modules/${label.slice(0, label.lastIndexOf('@'))}`;
  const entries = names.map(name =>
    file(`${dir}/${name}`, name.endsWith('.node') || name === 'index.js' ? TRACED : undefined),
  );
  const defaults = { library, level: 'safe', disable: [], enable: [], keep: [] } as const;
  const result = prune(
    makeTree([label], entries),
    { ...defaults, ...rest },
    { ...platform, runtime: { ...platform.runtime, ...runtime } },
  );
  return { result, kept: keptPaths(result).map(path => path.slice(dir.length + 1)) };
}

test('Markdown that code may read by a computed name stays, save at level bold', () => {
  const prompts = ['system.md', 'prompts.markdown', 'templates/README.md', 'readme-template.md'];
  const code = ['history.js', 'security.json', 'changes/index.md', 'migration', 'security.txt'];
  const names = [...prompts, ...code];
  assert.equal([...pruneFiles('agent@1.0.0', names).kept].sort(), [...names].sort());
  assert.equal([...pruneFiles('agent@1.0.0', names, { level: 'bold' }).kept].sort(), [
    'history.js',
    'migration',
    'security.json',
    'security.txt',
  ]);
});

test('texts for people at the root of a package go under the names that they have everywhere', () => {
  const names = ['README.md', 'readme.zh-CN.md', 'README_cn.md', 'README', 'Changelog.md', 'HISTORY.txt'];
  const more = ['CODE_OF_CONDUCT.md', 'SECURITY.md', 'UPGRADING.md', 'MIGRATION.md', 'contributing.md'];
  assert.equal(pruneFiles('pkg@1.0.0', ['index.js', ...names, ...more]).kept, ['index.js']);
});

const LMDB = [
  'node.abi115.glibc.node',
  'node.abi127.glibc.node',
  'node.napi.glibc.node',
  'node.napi.musl.node',
];

test('of the binaries of lmdb those stay that the target can load: its own ABI, and the one for all', () => {
  const kept = (runtime: Partial<Runtime>, names = LMDB) =>
    pruneFiles('@lmdb/lmdb-linux-x64@3.5.6', names, { runtime }).kept;
  assert.equal(kept({ version: '20' }), ['node.abi115.glibc.node', 'node.napi.glibc.node']);
  assert.equal(kept({ version: '22' }), ['node.abi127.glibc.node', 'node.napi.glibc.node']);
  assert.equal(kept({ version: '24' }), ['node.napi.glibc.node']);
});

test('where it is not known what the runtime loads, or the binary for all is missing, every ABI stays', () => {
  const kept = (runtime: Partial<Runtime>, names = LMDB) =>
    pruneFiles('@lmdb/lmdb-linux-x64@3.5.6', names, { runtime }).kept;
  const glibc = LMDB.filter(name => name.includes('glibc'));
  assert.equal(kept({ version: '99' }), glibc);
  assert.equal(kept({ language: 'python', version: '3.12' }), glibc);
  assert.equal(kept({ version: '24' }, LMDB.slice(0, 2)), LMDB.slice(0, 2));
  assert.equal(kept({ version: '24' }, ['node.napi.musl.node']), ['node.napi.musl.node']);
  const unheard = ['node.abi999.glibc.node', 'node.napi.glibc.node'];
  assert.equal(kept({ version: '24' }, unheard), unheard);
});

const PREBUILDS = ['darwin-x64', 'linux-x64', 'win32-x64'].map(tuple => `prebuilds/${tuple}/a.node`);

for (const label of ['bufferutil@4.1.0', 'utf-8-validate@6.0.6']) {
  test(`${label} loses what the target cannot load, since its fallback is in JavaScript`, () => {
    const names = ['fallback.js', 'index.js', ...PREBUILDS];
    const arm = pruneFiles(label, names, { arch: 'arm64' });
    assert.equal(arm.kept, ['fallback.js', 'index.js']);
    const levels = arm.result.findings.map(({ code, level }) => `${code} ${level}`);
    assert.equal([...new Set(levels)], ['TARGET_BINARY_MISSING warning']);
    assert.equal(pruneFiles(label, names).kept, ['fallback.js', 'index.js', 'prebuilds/linux-x64/a.node']);
  });

  test(`${label} loses nothing where there is no fallback`, () => {
    const names = ['index.js', ...PREBUILDS];
    assert.equal(pruneFiles(label, names, { arch: 'arm64' }).kept, names);
  });
}

test("Prisma's engine for another platform alone stays, and the finding names it", () => {
  const names = ['libquery_engine-darwin-arm64.dylib.node', 'libquery_engine-debian-openssl-3.0.x.so.node'];
  const { kept, result } = pruneFiles('@prisma/engines@6.19.3', names);
  assert.equal(kept, names);
  const [finding] = result.findings;
  assert.equal(finding?.code === 'TARGET_BINARY_MISSING' && finding.found, ['debian-openssl-3.0.x']);
});

test("Prisma's schema engine goes only where nothing reaches the code that finds it", () => {
  const name = 'schema-engine-rhel-openssl-3.0.x';
  assert.equal(pruneFiles('@prisma/engines@6.19.3', ['package.json', name]).kept, ['package.json']);
  const reached = pruneFiles('@prisma/engines@6.19.3', ['dist/x.node', 'package.json', name]);
  assert.ok(reached.kept.includes(name));
  assert.ok(pruneFiles('@prisma/engines@7.0.0', ['package.json', name]).kept.includes(name));
});

test.run();
