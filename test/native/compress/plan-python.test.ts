import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dropFromPlan, planMirror } from '../../../src/native/compress/plan-mirror.ts';
import { brief, MIB, makeInput, planOf } from './make-input.ts';

const TAG = 'cpython-312-x86_64-linux-gnu';

test('torch: true folders above libraries, links for all the rest, one stub', () => {
  const plan = planOf('python', {
    'torch/__init__.py': null,
    'torch/__pycache__/__init__.cpython-312.pyc': null,
    'torch/__pycache__/types.cpython-312.pyc': null,
    [`torch/_C.${TAG}.so`]: { needed: ['libtorch_python.so'], runpath: ['$ORIGIN/lib'] },
    'torch/lib/libtorch_python.so': { bytes: 30 * MIB, needed: ['libtorch_cpu.so'], runpath: ['$ORIGIN'] },
    'torch/lib/libtorch_cpu.so': { bytes: 345 * MIB, needed: ['libgomp.so.1'], runpath: ['$ORIGIN'] },
    'torch/lib/libgomp.so.1': {},
    'torch/nn/__init__.py': null,
    'torch/nn/modules/linear.py': null,
    'torch-2.13.0.dist-info/METADATA': null,
  });
  assert.equal(plan.compressed, ['torch/lib/libtorch_cpu.so', 'torch/lib/libtorch_python.so']);
  assert.equal(plan.stubs, ['torch/__init__.py']);
  assert.equal(plan.moved, ['torch/__init__.py', 'torch/__pycache__/__init__.cpython-312.pyc']);
  assert.equal(plan.links, [
    `torch/_C.${TAG}.so`,
    'torch/__init__.py > .lambda-slim/python/torch/__init__.py',
    'torch/__pycache__/__init__.cpython-312.pyc > .lambda-slim/python/torch/__pycache__/__init__.cpython-312.pyc',
    'torch/__pycache__/types.cpython-312.pyc',
    'torch/lib/libgomp.so.1',
    'torch/nn',
  ]);
});

test('a program that needs a compressed library is inflated as a whole: its $ORIGIN is its true path', () => {
  const plan = planOf('python', {
    'torch/__init__.py': null,
    'torch/bin/manager': {
      needed: ['libtorch.so'],
      runpath: ['$ORIGIN/../lib'],
      interpreter: '/lib64/ld-linux-x86-64.so.2',
    },
    'torch/bin/alone': { bytes: 9 * MIB, interpreter: '/lib64/ld-linux-x86-64.so.2' },
    'torch/lib/libtorch.so': { bytes: 2 * MIB },
  });
  assert.equal(plan.compressed, ['torch/bin/manager', 'torch/lib/libtorch.so']);
  assert.ok(plan.links.includes('torch/bin/alone'));
});

test('numpy and scipy: the libraries of a wheel lie beside its package', () => {
  const plan = planOf('python', {
    'numpy/__init__.py': null,
    [`numpy/_core/umath.${TAG}.so`]: { needed: ['libopenblas.so'], rpath: ['$ORIGIN/../../numpy.libs'] },
    'numpy/_core/__init__.py': null,
    'numpy/random/__init__.py': null,
    'numpy.libs/libopenblas.so': { bytes: 24 * MIB, needed: ['libgfortran.so'], rpath: ['$ORIGIN'] },
    'numpy.libs/libgfortran.so': { bytes: 2 * MIB },
    'scipy/__init__.py': null,
    [`scipy/special/special.${TAG}.so`]: { bytes: 3 * MIB },
    'scikit_learn.libs/libgomp.so': {},
    'sklearn/__init__.py': null,
  });
  assert.equal(plan.compressed, [
    'numpy.libs/libgfortran.so',
    'numpy.libs/libopenblas.so',
    `scipy/special/special.${TAG}.so`,
  ]);
  assert.equal(plan.stubs, ['numpy/__init__.py', 'scipy/__init__.py']);
  assert.equal(plan.links, [
    'numpy/__init__.py > .lambda-slim/python/numpy/__init__.py',
    'numpy/_core/__init__.py',
    `numpy/_core/umath.${TAG}.so`,
    'numpy/random',
    'scikit_learn.libs',
    'scipy/__init__.py > .lambda-slim/python/scipy/__init__.py',
  ]);
});

test('tensorflow: everything that reaches the framework, also deep in its folders', () => {
  const plan = planOf('python', {
    'tensorflow/__init__.py': null,
    'tensorflow/libtensorflow_framework.so.2': { bytes: 50 * MIB },
    'tensorflow/libtensorflow_cc.so.2': {
      bytes: 580 * MIB,
      needed: ['libtensorflow_framework.so.2'],
      runpath: ['$ORIGIN/_solib', '$ORIGIN'],
    },
    'tensorflow/python/_pywrap.so': { needed: ['libtensorflow_cc.so.2'], runpath: ['$ORIGIN/../'] },
    'tensorflow/python/ops/math.py': null,
    'tensorflow/include/a.h': null,
  });
  assert.equal(plan.compressed.length, 2);
  assert.equal(plan.links, [
    'tensorflow/__init__.py > .lambda-slim/python/tensorflow/__init__.py',
    'tensorflow/include',
    'tensorflow/python/_pywrap.so',
    'tensorflow/python/ops',
  ]);
});

test('a module at the root, and one in a namespace, get stubs of their own', () => {
  const plan = planOf('python', {
    [`_cffi_backend.${TAG}.so`]: { needed: ['libffi.so'], rpath: ['$ORIGIN/cffi.libs'] },
    'cffi.libs/libffi.so': { bytes: 2 * MIB },
    'google/ns/_big.abi3.so': { bytes: 2 * MIB },
    'google/protobuf/__init__.py': null,
    'google/protobuf/_upb.so': { bytes: 2 * MIB },
    'google/other/file.py': null,
    'plain.so': { bytes: 2 * MIB, imports: ['PyModule_Create2'] },
  });
  assert.equal(plan.stubs, [
    '_cffi_backend.py',
    'google/ns/_big.py',
    'google/protobuf/__init__.py',
    'plain.py',
  ]);
  assert.equal(plan.moved, [`_cffi_backend.${TAG}.so`, 'google/protobuf/__init__.py']);
  assert.equal(plan.links, [
    `_cffi_backend.${TAG}.so > .lambda-slim/python/_cffi_backend.${TAG}.so`,
    'google/other',
    'google/protobuf/__init__.py > .lambda-slim/python/google/protobuf/__init__.py',
  ]);
});

test('a library that no import leads to stays; so does one whose module has a twin in Python', () => {
  const plan = planOf('python', {
    'vendor/libx.so': { bytes: 2 * MIB },
    [`fast.${TAG}.so`]: { bytes: 2 * MIB },
    'fast.py': null,
  });
  assert.equal(plan.compressed, []);
  assert.equal(plan.skipped, [`fast.${TAG}.so: unimported`, 'vendor/libx.so: unimported']);
});

test('a library loaded by name, or needed before anything can find it, counts as needed', () => {
  const plan = planOf('python', {
    'a/__init__.py': null,
    'a/x.so': { dlopens: ['libplugin.so'], runpath: ['$ORIGIN/../a.libs'] },
    'a.libs/libplugin.so': { bytes: 2 * MIB },
    'b/__init__.py': null,
    'b/y.so': { needed: ['libcuda_like.so.1'] },
    'vendor/libcuda.so': { bytes: 2 * MIB, soname: 'libcuda_like.so.1' },
  });
  assert.equal(plan.compressed, ['a.libs/libplugin.so', 'vendor/libcuda.so']);
  assert.equal(plan.stubs, ['a/__init__.py', 'b/__init__.py']);
});

test('two wheels that share one copy by a link: both are imported through the mirror', () => {
  const plan = planOf('python', {
    'a/__init__.py': null,
    'a.libs/libfortran.so': { bytes: 2 * MIB },
    'b/__init__.py': null,
    [`b/b.${TAG}.so`]: { needed: ['libfortran.so'], rpath: ['$ORIGIN/../b.libs'] },
    'b.libs/libfortran.so': '../a.libs/libfortran.so',
    'c/__init__.py': null,
    'c/loaded_by_ctypes.so': '../a.libs/libfortran.so',
  });
  assert.equal(plan.compressed, ['a.libs/libfortran.so']);
  assert.equal(plan.stubs, ['b/__init__.py', 'c/__init__.py']);
  assert.equal(plan.aliases, [
    'b.libs/libfortran.so > a.libs/libfortran.so',
    'c/loaded_by_ctypes.so > a.libs/libfortran.so',
  ]);
});

test('packages without sources keep their bytecode in place', () => {
  const plan = planOf('python', { 'p/__init__.pyc': null, 'p/m.so': { bytes: 2 * MIB } });
  assert.equal(plan.stubs, ['p/__init__.py']);
  assert.equal(plan.moved, []);
  assert.equal(plan.links, ['p/__init__.pyc']);
});

test('a file that does not get smaller is dropped, and a library whose program is dropped', () => {
  const input = makeInput('python', {
    'p/__init__.py': null,
    'p/a.so': { bytes: 2 * MIB },
    'p/b.so': { bytes: 2 * MIB },
    'p/tool': { needed: ['b.so'], runpath: ['$ORIGIN'], interpreter: '/lib/ld.so' },
  });
  assert.equal(planMirror(input).compressed.length, 3);
  const plan = brief(dropFromPlan(input, ['p/tool']));
  assert.equal(plan.compressed, ['p/a.so']);
  assert.equal(plan.skipped, ['p/b.so: incompressible']);
});

test('an artifact without libraries has an empty plan', () => {
  const plan = planOf('python', { 'handler.py': null, 'numpy.libs/libsmall.so': {} });
  assert.equal(plan.links, []);
  assert.equal(plan.stubs, []);
});

test.run();
