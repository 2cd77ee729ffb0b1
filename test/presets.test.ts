import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadPresets } from '../src/presets/load.ts';
import { matchGlobs } from '../src/presets/match-glob.ts';
import { isKind, packagesOf } from '../src/presets/presets-for.ts';
import { ARCHS } from '../src/types.ts';
import { formatPlan, type PresetFixture, pruneFixture, readFixtures } from './prune/preset-fixture.ts';

const library = await loadPresets();
const fixtures = await readFixtures();

for (const fixture of fixtures) {
  for (const arch of ARCHS) {
    test(`${fixture.name} ${fixture.version} is pruned as recorded for ${arch}`, async () => {
      const plan = formatPlan(pruneFixture(fixture, library, arch));
      const file = join(fixture.dir, `expected-${arch}.txt`);
      if (process.env.UPDATE_FIXTURES === '1') await writeFile(file, plan);
      assert.fixture(plan, await readFile(file, 'utf8'));
    });
  }
}

test('every preset has a recorded listing of its package', () => {
  for (const preset of library.presets.filter(
    candidate => candidate.ecosystem === 'npm' && !isKind(candidate),
  )) {
    const match = matchGlobs(packagesOf(preset));
    assert.ok(
      fixtures.some(({ name }) => match(name)),
      `no fixture for ${preset.name}`,
    );
  }
});

test('a preset for one package alone lies in the file of its name', () => {
  for (const preset of library.presets) {
    const [only, ...others] = packagesOf(preset);
    if (only && others.length === 0 && !only.includes('*'))
      assert.is(preset.file, `${preset.ecosystem}/${only}.json`);
  }
});

test('every rule takes something from some recorded package', () => {
  const acted = new Set<string>();
  for (const fixture of fixtures) {
    for (const arch of ARCHS) {
      const { tree } = pruneFixture(fixture, library, arch, { level: 'bold' });
      for (const { rule } of tree.removals) acted.add(rule.id);
    }
  }
  const npm = library.presets.filter(({ ecosystem }) => ecosystem === 'npm');
  const ids = npm.flatMap(({ name, rules, platformPackages }) =>
    [...rules, ...(platformPackages ? [platformPackages] : [])].map(({ id }) => `${name}/${id}`),
  );
  assert.equal(
    ids.filter(id => !acted.has(id)),
    [],
  );
});

test('the entry of a package that has a smoke test stays, and so does all that its trace reaches and no rule may take', () => {
  for (const fixture of fixtures) {
    const preset = library.presets.find(({ name }) => name === fixture.name);
    if (!preset) continue;
    if (preset.smoke)
      assert.ok(fixture.entries.length > 0, `${fixture.name} ${fixture.version} has no entry`);
    for (const arch of ARCHS) {
      const { tree } = pruneFixture(fixture, library, arch, { level: 'bold' });
      const kept = new Set<string>(tree.entries.map(({ path }) => path));
      for (const entry of fixture.entries) assert.ok(kept.has(entry), `${entry} of ${fixture.version} went`);
      const overTrace = library.presets.flatMap(({ name, rules }) =>
        rules.filter(rule => rule.overTrace).map(({ id }) => `${name}/${id}`),
      );
      for (const { path, origin } of fixture.tree.entries) {
        if (origin.kind !== 'traced' || kept.has(path)) continue;
        const rule = tree.removals.find(removal => removal.path === path)?.rule.id ?? '';
        assert.ok(overTrace.includes(rule) || rule.endsWith('/other-platforms'), `${rule} took ${path}`);
      }
    }
  }
});

test('licences and package.json stay, save in packages for another platform', () => {
  const isSacred = matchGlobs(library.alwaysKeep.map(({ glob }) => glob));
  for (const fixture of fixtures) {
    for (const arch of ARCHS) {
      const { tree } = pruneFixture(fixture, library, arch, { level: 'bold' });
      const dirs = tree.packages.map(({ dir }) => `${dir}/`);
      const taken = tree.removals.filter(({ path }) => dirs.some(dir => path.startsWith(dir)));
      assert.equal(
        taken.map(({ path }) => path).filter(path => isSacred(path)),
        [],
      );
    }
  }
});

/** Files that tools which prune by bare folder names take away, and that break the package when they go. */
const TRAPS: readonly (readonly [string, readonly string[]])[] = [
  ['yaml', ['dist/doc/Document.js', 'dist/doc/directives.js', 'dist/index.js']],
  ['googleapis', ['build/src/apis/docs/index.js', 'build/src/apis/docs/v1.js', 'build/src/googleapis.js']],
  [
    'mathjs',
    ['lib/cjs/expression/embeddedDocs/embeddedDocs.js', 'lib/esm/expression/embeddedDocs/embeddedDocs.js'],
  ],
  ['clean-css', ['lib/clean.js', 'lib/optimizer/level-1/optimize.js']],
  [
    'pdfkit',
    ['js/data/Helvetica.afm', 'js/data/sRGB_IEC61966_2_1.icc', 'js/pdfkit.js', 'js/pdfkit.node.mjs'],
  ],
  ['pino', ['file.js', 'lib/worker.js', 'lib/transport.js', 'pino.js']],
  ['thread-stream', ['lib/worker.js', 'lib/indexes.js', 'index.js']],
  [
    'jsdom',
    ['lib/jsdom/browser/default-stylesheet.css', 'lib/jsdom/living/xhr/xhr-sync-worker.js', 'lib/api.js'],
  ],
  ['winston', ['lib/winston/transports/file.js', 'lib/winston/tail-file.js', 'lib/winston.js']],
  ['typescript', ['lib/lib.d.ts', 'lib/lib.es2023.array.d.ts', 'lib/typescript.js']],
  [
    '@tensorflow/tfjs-node',
    [
      'deps/lib/libtensorflow.so.2.9.1',
      'deps/lib/libtensorflow.so.2',
      'dist/proto/api_pb.js',
      'lib/napi-v8/tfjs_binding.node',
    ],
  ],
  ['better-sqlite3', ['lib/index.js', 'lib/methods/backup.js']],
  ['aws-sdk', ['apis/s3-2006-03-01.min.json', 'apis/metadata.json', 'lib/aws.js', 'clients/s3.js']],
  [
    'onnxruntime-web',
    ['dist/ort-wasm-simd-threaded.mjs', 'dist/ort-wasm-simd-threaded.wasm', 'dist/ort.node.min.js'],
  ],
  ['bufferutil', ['fallback.js', 'index.js']],
  ['utf-8-validate', ['fallback.js', 'index.js']],
  ['@lmdb/lmdb-linux-x64', ['index.js', 'node.napi.glibc.node']],
  ['@lmdb/lmdb-linux-arm64', ['index.js', 'node.napi.glibc.node']],
  ['@msgpackr-extract/msgpackr-extract-linux-x64', ['index.js', 'node.napi.glibc.node']],
  ['@msgpackr-extract/msgpackr-extract-linux-arm64', ['index.js', 'node.napi.glibc.node']],
];

/** Makes the question "has this version of the package such a file?". */
function isIn({ name, tree }: PresetFixture): (path: string) => boolean {
  const paths = new Set<string>(tree.entries.map(entry => entry.path));
  return path => paths.has(`node_modules/${name}/${path}`);
}

for (const [name, paths] of TRAPS) {
  test(`${name} keeps what looks useless and is not`, () => {
    const recorded = fixtures.filter(fixture => fixture.name === name);
    for (const path of paths)
      assert.ok(
        recorded.some(fixture => isIn(fixture)(path)),
        path,
      );
    for (const fixture of recorded) {
      for (const arch of ARCHS) {
        const { tree } = pruneFixture(fixture, library, arch, { level: 'bold' });
        const kept = new Set<string>(tree.entries.map(({ path }) => path));
        for (const path of paths.filter(isIn(fixture)))
          assert.ok(kept.has(`node_modules/${name}/${path}`), `${path} of ${fixture.version}`);
      }
    }
  });
}

test.run();
