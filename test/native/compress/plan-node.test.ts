import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MIB, planOf } from './make-input.ts';

/** `$ORIGIN` as some linkers write it. */
const BRACES = `$\{ORIGIN}`;
const SHARP = 'node_modules/@img/sharp-linux-x64';
const VIPS = 'node_modules/@img/sharp-libvips-linux-x64';

test('sharp: the addon goes along with the libvips that it finds in the package beside', () => {
  const plan = planOf('nodejs', {
    'index.mjs': null,
    [`${SHARP}/lib/sharp-linux-x64.node`]: {
      needed: ['libvips-cpp.so.8', 'libc.so.6'],
      runpath: ['$ORIGIN/../../sharp-libvips-linux-x64/lib'],
    },
    [`${SHARP}/package.json`]: null,
    [`${VIPS}/lib/libvips-cpp.so.8`]: { bytes: 18 * MIB, soname: 'libvips-cpp.so.8' },
    [`${VIPS}/lib/glib-2.0/include/glib.h`]: null,
    [`${VIPS}/package.json`]: null,
    'node_modules/sharp/lib/index.js': null,
  });
  assert.equal(plan.compressed, [`${VIPS}/lib/libvips-cpp.so.8`]);
  assert.equal(plan.addons, [`${SHARP}/lib/sharp-linux-x64.node`]);
  assert.equal(plan.links, [
    `${VIPS}/lib/glib-2.0`,
    `${VIPS}/package.json`,
    `${SHARP}/lib/sharp-linux-x64.node`,
    `${SHARP}/package.json`,
  ]);
  assert.equal(plan.skipped, []);
});

test('onnxruntime: what the library loads by name from its own folder is compressed too', () => {
  const dir = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64';
  const plan = planOf('nodejs', {
    [`${dir}/onnxruntime_binding.node`]: { needed: ['libonnxruntime.so.1'], runpath: ['$ORIGIN/'] },
    [`${dir}/libonnxruntime.so.1`]: {
      bytes: 45 * MIB,
      runpath: ['$ORIGIN'],
      dlopens: ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'],
    },
    [`${dir}/libonnxruntime_providers_cuda.so`]: { bytes: 99 * MIB },
    [`${dir}/libonnxruntime_providers_shared.so`]: {},
    'node_modules/onnxruntime-node/dist/index.js': null,
  });
  assert.equal(plan.compressed, [`${dir}/libonnxruntime.so.1`, `${dir}/libonnxruntime_providers_cuda.so`]);
  assert.equal(plan.addons, [`${dir}/onnxruntime_binding.node`]);
  assert.equal(plan.links, [
    `${dir}/libonnxruntime_providers_shared.so`,
    `${dir}/onnxruntime_binding.node`,
    'node_modules/onnxruntime-node/dist',
  ]);
});

test('a neighbour that an addon loads by name brings it into the mirror; one that merely lies there stays', () => {
  const items = (dlopens: readonly string[]) => ({
    'node_modules/a/build/a.node': { dlopens },
    'node_modules/a/build/libplugin.so': { bytes: 2 * MIB },
  });
  const named = planOf('nodejs', items(['libplugin.so']));
  assert.equal(named.compressed, ['node_modules/a/build/libplugin.so']);
  assert.equal(named.addons, ['node_modules/a/build/a.node']);
  const unnamed = planOf('nodejs', items(['libother.so']));
  assert.equal(unnamed.compressed, []);
  assert.equal(unnamed.skipped, ['node_modules/a/build/libplugin.so: unreached']);
});

test('a library that no addon reaches stays, unless it is named and its package has one', () => {
  const items = {
    'node_modules/a/build/a.node': {},
    'node_modules/a/vendor/engine.so': { bytes: 2 * MIB },
    'node_modules/b/engine.so': { bytes: 3 * MIB },
  };
  assert.equal(planOf('nodejs', items).skipped, [
    'node_modules/a/vendor/engine.so: unreached',
    'node_modules/b/engine.so: unreached',
  ]);
  const named = planOf('nodejs', items, { only: ['**/engine.so'] });
  assert.equal(named.compressed, ['node_modules/a/vendor/engine.so']);
  assert.equal(named.addons, ['node_modules/a/build/a.node']);
  assert.equal(named.skipped, ['node_modules/b/engine.so: unreached']);
});

test('a large addon is compressed itself; small ones and excepted ones are not', () => {
  const items = {
    'node_modules/big/big.node': { bytes: MIB },
    'node_modules/small/small.node': { bytes: MIB - 1 },
    'node_modules/other/other.node': { bytes: 9 * MIB },
  };
  const plan = planOf('nodejs', items, { except: ['node_modules/other/**'] });
  assert.equal(plan.compressed, ['node_modules/big/big.node']);
  assert.equal(plan.addons, ['node_modules/big/big.node']);
  assert.equal([...plan.links, ...plan.skipped], []);
});

test('"only" names files whatever their size, and nothing else', () => {
  const plan = planOf(
    'nodejs',
    { 'node_modules/big/big.node': { bytes: 9 * MIB }, 'node_modules/s/s.node': {} },
    { only: ['**/s.node'] },
  );
  assert.equal(plan.compressed, ['node_modules/s/s.node']);
});

test('what is found by LD_LIBRARY_PATH or an absolute path stays where it leads', () => {
  const plan = planOf('nodejs', {
    'lib/libfound.so': { bytes: 2 * MIB },
    'node_modules/a/a.node': { needed: ['libfound.so'] },
    'node_modules/b/b.node': { needed: ['libabs.so'], runpath: ['/var/task/node_modules/b/abs'] },
    'node_modules/b/abs/libabs.so': { bytes: 2 * MIB },
  });
  assert.equal(plan.compressed, []);
  assert.equal(plan.skipped, ['lib/libfound.so: library-path', 'node_modules/b/abs/libabs.so: library-path']);
});

test('what is found by LD_LIBRARY_PATH before RUNPATH counts as found there, RPATH comes first', () => {
  const items = (how: object) => ({
    'lib/libx.so': {},
    'node_modules/a/a.node': { needed: ['libx.so'], ...how },
    'node_modules/a/libx.so': { bytes: 2 * MIB },
  });
  assert.equal(planOf('nodejs', items({ rpath: [BRACES] })).addons, ['node_modules/a/a.node']);
  assert.equal(planOf('nodejs', items({ rpath: [BRACES] })).links, ['node_modules/a/a.node']);
  const shadowed = planOf('nodejs', items({ runpath: ['$ORIGIN'] }));
  assert.equal(shadowed.compressed, []);
});

test('a chain through a library found by LD_LIBRARY_PATH cannot be moved either', () => {
  const plan = planOf('nodejs', {
    'lib/libmid.so': { needed: ['libend.so'], runpath: ['$ORIGIN/deep'] },
    'lib/deep/libend.so': { bytes: 2 * MIB },
    'node_modules/a/a.node': { needed: ['libmid.so'] },
  });
  assert.equal(plan.skipped, ['lib/deep/libend.so: library-path']);
});

test('a program that Node.js would start keeps its library', () => {
  const plan = planOf('nodejs', {
    'node_modules/a/a.node': { needed: ['libx.so'], runpath: ['$ORIGIN'] },
    'node_modules/a/tool': { needed: ['libx.so'], runpath: ['$ORIGIN'], interpreter: '/lib64/ld-linux.so' },
    'node_modules/a/libx.so': { bytes: 2 * MIB },
  });
  assert.equal(plan.skipped, ['node_modules/a/libx.so: executable']);
});

test('a neighbour package that nobody compresses is linked as a whole', () => {
  const plan = planOf('nodejs', {
    'node_modules/a/lib/a.node': { bytes: 2 * MIB, needed: ['libb.so'], runpath: ['$ORIGIN/../../b'] },
    'node_modules/b/libb.so': {},
    'node_modules/b/node_modules/c/index.js': null,
    'node_modules/d/index.js': null,
  });
  assert.equal(plan.links, ['node_modules/b']);
});

test('links: a compressed end gives an alias in the mirror, anything else a link', () => {
  const plan = planOf('nodejs', {
    'node_modules/a/a.node': { needed: ['libx.so'], runpath: ['$ORIGIN/current'] },
    'node_modules/a/current': 'v1',
    'node_modules/a/v1/libx.so': 'libx.so.1',
    'node_modules/a/v1/libx.so.1': { bytes: 2 * MIB },
    'node_modules/a/v1/readme': '../README.md',
    'node_modules/a/v1/nowhere': 'gone',
    'node_modules/a/README.md': null,
  });
  assert.equal(plan.compressed, ['node_modules/a/v1/libx.so.1']);
  assert.equal(plan.aliases, [
    'node_modules/a/current > node_modules/a/v1',
    'node_modules/a/v1/libx.so > node_modules/a/v1/libx.so.1',
  ]);
  assert.equal(plan.links, ['node_modules/a/README.md', 'node_modules/a/a.node', 'node_modules/a/v1/readme']);
});

test("pnpm's layout: the link between two packages is in the mirror", () => {
  const store = 'node_modules/.pnpm';
  const plan = planOf('nodejs', {
    [`${store}/a@1/node_modules/a/a.node`]: { needed: ['libb.so'], runpath: ['$ORIGIN/../b'] },
    [`${store}/a@1/node_modules/b`]: '../../b@1/node_modules/b',
    [`${store}/b@1/node_modules/b/libb.so`]: { bytes: 2 * MIB },
  });
  assert.equal(plan.aliases, [`${store}/a@1/node_modules/b > ${store}/b@1/node_modules/b`]);
  assert.equal(plan.links, [`${store}/a@1/node_modules/a/a.node`]);
});

test('a shared copy in another package, which an addon there may load by name', () => {
  const plan = planOf('nodejs', {
    'node_modules/a/a.node': { needed: ['libx.so'], runpath: ['$ORIGIN'] },
    'node_modules/a/libx.so': { bytes: 2 * MIB },
    'node_modules/b/b.node': { dlopens: ['libplugin.so'] },
    'node_modules/b/libplugin.so': '../a/libx.so',
  });
  assert.equal(plan.addons, ['node_modules/a/a.node', 'node_modules/b/b.node']);
  assert.equal(plan.aliases, ['node_modules/b/libplugin.so > node_modules/a/libx.so']);
});

test('cycles, libraries that need themselves, and broken files are no trouble', () => {
  const plan = planOf('nodejs', {
    'node_modules/a/a.node': { needed: ['x.so'], runpath: ['$ORIGIN'] },
    'node_modules/a/x.so': { bytes: 2 * MIB, needed: ['y.so', 'x.so'], runpath: ['$ORIGIN'] },
    'node_modules/a/y.so': {
      bytes: 2 * MIB,
      needed: ['x.so', '/y.so'],
      runpath: ['$ORIGIN/../../../..', ''],
    },
    'node_modules/a/loop': 'loop',
  });
  assert.equal(plan.compressed, ['node_modules/a/x.so', 'node_modules/a/y.so']);
  assert.equal(plan.addons, ['node_modules/a/a.node']);
  assert.equal(plan.links, ['node_modules/a/a.node']);
});

test.run();
