import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collectPython } from '../../../src/collect/python/collect-python.ts';
import type { Finding } from '../../../src/findings.ts';
import type { ResolvedFunction } from '../../../src/types.ts';
import { type Files, makeContext, withProject } from '../../helpers/project.ts';
import { makePythonFunction, offlineEnv, pythonPlatform } from '../../helpers/python-project.ts';
import { wheel } from '../../helpers/wheels.ts';

type CudaFinding = Extract<Finding, { readonly code: 'CUDA_WHEEL' }>;

/** Collects a function whose wheels lie beside it, and gives what is said of CUDA. */
function findIn(
  requirements: string,
  wheels: readonly Files[],
  { files = {}, ...overrides }: Partial<ResolvedFunction> & { readonly files?: Files } = {},
): Promise<readonly CudaFinding[]> {
  const own: Files =
    Object.keys(files).length > 0 ? files : { 'fn/requirements.txt': requirements.replaceAll(' ', '\n') };
  const all: Files = Object.assign(
    { 'fn/.git/HEAD': '', 'fn/app.py': 'def handler(event, context): pass\n', ...own },
    ...wheels.map(each =>
      Object.fromEntries(Object.entries(each).map(([path, data]) => [`wheels/${path}`, data])),
    ),
  );
  return withProject(all, async dir => {
    const root = join(dir, 'fn');
    const workDir = join(dir, 'work');
    await mkdir(workDir);
    const context = { ...makeContext(workDir), cwd: root, env: offlineEnv(join(dir, 'wheels')) };
    const { findings } = await collectPython(makePythonFunction(root, overrides), context);
    return findings.flatMap(each => (each.code === 'CUDA_WHEEL' ? each : []));
  });
}

const nvidia = (name: string, bytes: number, requires: readonly string[] = []): Files =>
  wheel(name, '1.0', { requires, files: { [`nvidia/${name}/lib.so`]: 'x'.repeat(bytes) } });

/** As they come from the registry. */
const TORCH = [
  wheel('torch', '2.15.0', {
    requires: [
      'filelock',
      'cuda-toolkit[cublas]==1.0; platform_system == "Linux"',
      'nvidia-cudnn-cu13==1.0; platform_system == "Linux"',
      'triton~=3.0; platform_system == "Linux"',
    ],
    files: {
      'torch/__init__.py': 'import ctypes\n',
      'torch/lib/libtorch_cuda.so': 'c'.repeat(1000),
      'torch/lib/libtorch_cpu.so': 'c'.repeat(500),
    },
  }),
  wheel('cuda-toolkit', '1.0', { requires: ['nvidia-cublas==1.0; extra == "cublas"'], files: {} }),
  wheel('triton', '3.9.0', { requires: ['setuptools'], files: { 'triton/t.so': 't'.repeat(300) } }),
  wheel('filelock', '1.0'),
  wheel('setuptools', '80.0'),
  nvidia('nvidia-cudnn-cu13', 400),
  nvidia('nvidia-cublas', 200),
];

test('torch for CUDA: what it alone brings, and the lines for each kind of file', async () => {
  const vision = wheel('torchvision', '0.29.2', { requires: ['torch'] });
  const [finding, ...others] = await findIn('torchvision', [...TORCH, vision]);
  assert.equal(others, []);
  assert.ok(finding);
  const { parts, bytes, level, instead, file, tool } = finding;
  assert.equal(
    [finding.package, finding.version, level, file, tool],
    ['torch', '2.15.0', 'warning', 'requirements.txt', 'pip'],
  );
  assert.equal(parts, ['cuda-toolkit', 'nvidia-cublas', 'nvidia-cudnn-cu13', 'triton']);
  const own = 1000 + 300 + 400 + 200;
  assert.ok(bytes > own && bytes < own + 4000, `${bytes}: with metadata, without filelock and libtorch_cpu`);
  assert.equal(instead, {
    package: 'torch',
    version: '2.15.0+cpu',
    index: { name: 'pytorch-cpu', url: 'https://download.pytorch.org/whl/cpu' },
    together: [{ package: 'torchvision', version: '0.29.2' }],
  });
});

const pyproject = (text: string): Files => ({ 'fn/pyproject.toml': text });

const places: readonly (readonly [files: Files, place: readonly [string, string]])[] = [
  [
    pyproject('[project]\nname = "fn"\nversion = "1"\ndependencies = ["xgboost"]\n'),
    ['pyproject.toml', 'uv'],
  ],
  [pyproject('[tool.poetry.dependencies]\nxgboost = "*"\n'), ['pyproject.toml', 'poetry']],
  [{ 'fn/Pipfile': '[packages]\nxgboost = "*"\n' }, ['Pipfile', 'pipenv']],
];

for (const [files, place] of places)
  test(`what to change is told for ${place.join(' of ')}`, async () => {
    const wheels = [
      wheel('xgboost', '3.4.1', { requires: ['nvidia-nccl-cu13'] }),
      nvidia('nvidia-nccl-cu13', 9),
    ];
    const [finding] = await findIn('', wheels, { files });
    assert.equal([finding?.file, finding?.tool], place);
    assert.is(finding?.instead?.package, 'xgboost-cpu');
    assert.is(finding?.instead?.version, '3.4.1');
  });

test('each build for CUDA is found by what it is, and those for the CPU are left in peace', async () => {
  const names = async (
    requirements: string,
    wheels: readonly Files[],
    overrides: Partial<ResolvedFunction> = {},
  ) => (await findIn(requirements, wheels, overrides)).map(each => [each.package, each.parts.length]);
  const tensorflow = [wheel('tensorflow', '2.21.0'), wheel('tensorflow-cpu', '2.21.0')];
  assert.equal(await names('tensorflow', tensorflow), [['tensorflow', 0]]);
  assert.equal(await names('tensorflow', tensorflow, { platform: pythonPlatform('3.12', 'arm64') }), []);
  assert.equal(await names('tensorflow-cpu', tensorflow), []);
  assert.equal(await names('torch', [wheel('torch', '2.15.0+cpu')]), []);
  assert.equal(await names('torch', [wheel('torch', '2.15.0+cu126')]), [['torch', 0]]);
  assert.equal(await names('xgboost', [wheel('xgboost', '1.0')]), []);
  assert.equal(await names('onnxruntime-gpu', [wheel('onnxruntime-gpu', '1.31.1')]), [
    ['onnxruntime-gpu', 0],
  ]);
  const jax = [
    wheel('jax', '0.12.0', { requires: ['jax-cuda12-plugin; extra == "cuda12"'] }),
    wheel('jax-cuda12-plugin', '0.12.0', { requires: ['jax-cuda12-pjrt', 'nvidia-a'] }),
    wheel('jax-cuda12-pjrt', '0.12.0'),
    nvidia('nvidia-a', 1),
  ];
  assert.equal(await names('jax[cuda12]', jax), [['jax-cuda12-pjrt', 2]]);
  const unknown = wheel('vllm', '1.0', { requires: ['nvidia-a'] });
  assert.equal(await names('vllm', [unknown, nvidia('nvidia-a', 1)]), [['vllm', 1]]);
  assert.equal(await names('nvidia-a', [nvidia('nvidia-a', 1, ['nvidia-b']), nvidia('nvidia-b', 1)]), [
    ['nvidia-a', 1],
  ]);
});

test('what several brought counts once', async () => {
  const found = await findIn('torch xgboost', [
    ...TORCH,
    wheel('xgboost', '3.4.1', { requires: ['nvidia-cudnn-cu13'] }),
  ]);
  assert.equal(
    found.map(each => [each.package, each.parts.length, each.bytes > 0]),
    [
      ['torch', 4, true],
      ['xgboost', 0, false],
    ],
  );
});

test.run();
