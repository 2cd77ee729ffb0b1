import { parse } from 'smol-toml';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../src/findings.ts';
import { formatFindings } from '../../src/report/format-findings.ts';
import { PLAIN_STYLE } from '../../src/report/style.ts';
import { wordFinding } from '../../src/report/wording.ts';
import { ONE_OF_EACH } from '../helpers/results.ts';

type CudaFinding = Extract<Finding, { readonly code: 'CUDA_WHEEL' }>;

const TORCH = ONE_OF_EACH.CUDA_WHEEL;
const RENAMED: CudaFinding = {
  ...TORCH,
  level: 'warning',
  package: 'onnxruntime-gpu',
  bytes: 0,
  parts: [],
  instead: { package: 'onnxruntime', version: '1.31.1', index: null, together: [] },
};

const lines = (finding: CudaFinding): readonly string[] => wordFinding(finding).lines ?? [];

test('the message has the weight, and an error says why it is one', () => {
  const { message } = wordFinding(TORCH);
  assert.match(
    message,
    'torch 2.15.0 is for CUDA, and Lambda has no GPU. 2861 MiB (nvidia-cudnn-cu13, triton)',
  );
  assert.match(message, /more than a function may have\.$/);
  assert.match(wordFinding(RENAMED).message, 'never used');
});

test('the lines can be written as they are, into each kind of file', () => {
  assert.equal(lines(TORCH), ['--extra-index-url https://download.pytorch.org/whl/cpu', 'torch==2.15.0+cpu']);
  const uv = parse(lines({ ...TORCH, tool: 'uv', file: 'pyproject.toml' }).join('\n'));
  assert.equal(JSON.parse(JSON.stringify(uv)).tool.uv.sources, { torch: { index: 'pytorch-cpu' } });
  const poetry = parse(lines({ ...TORCH, tool: 'poetry' }).join('\n'));
  assert.equal(JSON.parse(JSON.stringify(poetry)).tool.poetry, {
    source: [{ name: 'pytorch-cpu', url: 'https://download.pytorch.org/whl/cpu', priority: 'explicit' }],
    dependencies: { torch: { version: '2.15.0+cpu', source: 'pytorch-cpu' } },
  });
  const pipenv = parse(lines({ ...TORCH, tool: 'pipenv' }).join('\n'));
  assert.equal(JSON.parse(JSON.stringify(pipenv)).packages, {
    torch: { version: '==2.15.0+cpu', index: 'pytorch-cpu' },
  });
});

test('another package takes the place of one, and who asks for that one is named', () => {
  assert.equal(lines(RENAMED), ['onnxruntime==1.31.1']);
  assert.equal(lines({ ...RENAMED, tool: 'uv' }), ['"onnxruntime==1.31.1",']);
  const hint = wordFinding({ ...RENAMED, askedBy: ['rembg'] }).hint;
  assert.match(hint, 'Write the lines below into requirements.txt, in place of onnxruntime-gpu.');
  assert.match(hint, 'rembg asked for onnxruntime-gpu');
  assert.is(wordFinding({ ...RENAMED, instead: null }).lines, undefined);
  assert.match(wordFinding({ ...RENAMED, instead: null }).hint, /^Leave onnxruntime-gpu out/);
});

test('a report has the lines as they are', () => {
  const text = formatFindings([TORCH], PLAIN_STYLE).join('\n');
  assert.match(
    text,
    '\n      --extra-index-url https://download.pytorch.org/whl/cpu\n      torch==2.15.0+cpu',
  );
});

test.run();
