import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseModelSpec } from '../../../src/handlers/resnet/model-spec.ts';
import { MODEL_DIR } from './samples.ts';

const IMAGENET = {
  file: 'resnet50.onnx',
  input: {
    name: 'data',
    layout: 'NCHW',
    size: [224, 224],
    resize: 'shortest side 256 then centre crop',
    scale: 1 / 255,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
  output: { name: 'resnetv17_dense0_fwd', apply: 'softmax' },
  labels: Array.from({ length: 1000 }, (_, index) => `class ${index}`),
};

test('reads the bundled model.json', async () => {
  const spec = parseModelSpec(await readFile(join(MODEL_DIR, 'model.json'), 'utf8'));
  assert.is(spec.input.height, 32);
  assert.equal(spec.input.resize, { kind: 'contain' });
  assert.is(spec.labels.length, 10);
});

test('reads that of an ImageNet ResNet-50; the sha256 may be left out', () => {
  const spec = parseModelSpec(JSON.stringify(IMAGENET));
  assert.equal(spec.input.resize, { kind: 'crop', shortestSide: 256 });
  assert.is(spec.sha256, null);
  assert.is(spec.labels.length, 1000);
});

const { input, output } = IMAGENET;
const WRONG: readonly (readonly [key: string, model: unknown])[] = [
  ['the whole', []],
  ['input', { ...IMAGENET, input: null }],
  ['output', { ...IMAGENET, output: 'logits' }],
  ['file', { ...IMAGENET, file: '../model.onnx' }],
  ['file', { ...IMAGENET, file: '/model.onnx' }],
  ['file', { ...IMAGENET, file: '..' }],
  ['sha256', { ...IMAGENET, sha256: 'abc' }],
  ['labels', { ...IMAGENET, labels: [] }],
  ['labels', { ...IMAGENET, labels: ['a', 1] }],
  ['input.name', { ...IMAGENET, input: { ...input, name: '' } }],
  ['input.layout', { ...IMAGENET, input: { ...input, layout: 'CHW' } }],
  ['input.size', { ...IMAGENET, input: { ...input, size: [224] } }],
  ['input.size', { ...IMAGENET, input: { ...input, size: [224, 0.5] } }],
  ['input.size', { ...IMAGENET, input: { ...input, size: [224, 1e9] } }],
  ['input.resize', { ...IMAGENET, input: { ...input, resize: 'stretch' } }],
  ['input.resize', { ...IMAGENET, input: { ...input, resize: 'shortest side 100 then centre crop' } }],
  ['input.scale', { ...IMAGENET, input: { ...input, scale: 0 } }],
  ['input.mean', { ...IMAGENET, input: { ...input, mean: [1, 2] } }],
  ['input.std', { ...IMAGENET, input: { ...input, std: [1, 0, 1] } }],
  ['output.name', { ...IMAGENET, output: { ...output, name: 7 } }],
  ['output.apply', { ...IMAGENET, output: { ...output, apply: 'sigmoid' } }],
];

for (const [key, model] of WRONG) {
  test(`an error names ${key}`, () => {
    assert.throws(
      () => parseModelSpec(JSON.stringify(model)),
      (error: Error) => error.message.includes(` at ${key}, found `),
    );
  });
}

test('broken JSON is told', () => {
  assert.throws(() => parseModelSpec('{'), /not valid JSON/);
});

test.run();
