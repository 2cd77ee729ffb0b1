import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkCuda } from '../../src/check/check-cuda.ts';
import { settleCuda } from '../../src/check/settle-cuda.ts';
import type { PackageInstance, Tree } from '../../src/types.ts';
import { entryOf, ONE_OF_EACH } from '../helpers/results.ts';

const GIB = 1024 * 1024 * 1024;

const found = (files: Readonly<Record<string, number>>, arch: 'x64' | 'arm64' | null = null) =>
  checkCuda(new Map(Object.entries(files)), arch).map(
    each => each.code === 'CUDA_WHEEL' && [each.package, each.level, each.bytes, each.parts],
  );

test('an artifact that any tool made: files and folders tell', () => {
  assert.equal(
    found({
      'torch-2.15.0+cu130.dist-info/METADATA': 1,
      'torch/lib/libtorch_cuda.so': 5,
      'torch/lib/libtorch_cpu.so': 7,
      'nvidia_cublas-13.4.1.3.dist-info/METADATA': 1,
      'nvidia_cudnn_cu13-9.26.0.51.dist-info/METADATA': 1,
      'nvidia/cublas/lib/libcublas.so.13': GIB,
      'nvidia/cudnn/lib/libcudnn.so.9': GIB,
      'xgboost-3.4.1.dist-info/METADATA': 1,
      'numpy-2.5.5.dist-info/METADATA': 1,
      'numpy/lib.so': 9,
    }),
    [['torch', 'error', 2 * GIB + 5, ['nvidia-cublas', 'nvidia-cudnn-cu13']]],
  );
  assert.equal(found({ 'torch-2.15.0+cpu.dist-info/METADATA': 1, 'torch/lib/libtorch_cpu.so': 7 }), []);
  assert.equal(found({ 'numpy-2.5.5.dist-info/METADATA': 1, 'nvidia/own.py': 7 }), []);
});

test('what only the parts tell counts where nothing else explains them; a layer has its own folder', () => {
  const layer = 'python/lib/python3.12/site-packages/';
  assert.equal(
    found({
      [`${layer}xgboost-3.4.1.dist-info/METADATA`]: 1,
      [`${layer}nvidia_nccl_cu13-2.32.3.dist-info/METADATA`]: 1,
      [`${layer}nvidia/nccl/lib/libnccl.so.2`]: 100,
    }),
    [['xgboost', 'warning', 100, ['nvidia-nccl-cu13']]],
  );
  assert.equal(
    found({ 'nvidia_nccl_cu13-2.32.3.dist-info/METADATA': 1, 'nvidia/nccl/lib/libnccl.so.2': 100 }),
    [['nvidia-nccl-cu13', 'warning', 100, []]],
  );
});

test('tensorflow is for CUDA on x86_64 only, and nobody may have said which', () => {
  const files = { 'tensorflow-2.21.0.dist-info/METADATA': 1 };
  assert.equal(found(files, 'x64'), [['tensorflow', 'warning', 0, []]]);
  assert.equal(found(files, 'arm64'), []);
  assert.equal(found(files), []);
});

const owner = (name: string, owns: readonly string[]): PackageInstance => ({
  ecosystem: 'pypi',
  name,
  version: '1.0',
  dir: '',
  owns,
});

test('what a preset took out weighs nothing any more', () => {
  const finding = { ...ONE_OF_EACH.CUDA_WHEEL, parts: ['nvidia-cudnn-cu13', 'triton'] };
  const origin = { kind: 'include', pattern: '**' } as const;
  const tree: Tree = {
    entries: [
      entryOf('torch/lib/libtorch_cpu.so', 40, origin),
      entryOf('torch/lib/libtorch_cuda.so', 5, origin),
      entryOf('triton/x.so', 7, origin),
    ],
    packages: [
      owner('torch', ['torch/lib/libtorch_cpu.so', 'torch/lib/libtorch_cuda.so']),
      owner('triton', ['triton/x.so', 'triton/gone.so']),
      owner('nvidia-cudnn-cu13', ['nvidia/cudnn.so']),
    ],
    removals: [],
  };
  assert.equal(settleCuda([finding], tree), [{ ...finding, level: 'warning', bytes: 12, parts: ['triton'] }]);
  const others = [ONE_OF_EACH.NO_LOCKFILE];
  assert.is(settleCuda(others, tree), others);
});

test.run();
