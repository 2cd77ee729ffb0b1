import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { InputSpec } from '../../../src/handlers/resnet/model-spec.ts';
import { shapeOf, toTensor } from '../../../src/handlers/resnet/to-tensor.ts';
import { readSpec } from './samples.ts';

/** One row of two pixels. */
const RGB = Uint8Array.of(1, 2, 3, 4, 5, 6);

async function input(layout: InputSpec['layout']): Promise<InputSpec> {
  return (await readSpec({ layout, width: 2, height: 1, scale: 2, mean: [1, 1, 1], std: [1, 2, 4] })).input;
}

test('NCHW: all of red, then green, then blue', async () => {
  assert.equal([...toTensor(RGB, await input('NCHW'))], [1, 7, 1.5, 4.5, 1.25, 2.75]);
  assert.equal(shapeOf(await input('NCHW')), [1, 3, 1, 2]);
});

test('NHWC: pixel by pixel', async () => {
  assert.equal([...toTensor(RGB, await input('NHWC'))], [1, 1.5, 1.25, 7, 4.5, 2.75]);
  assert.equal(shapeOf(await input('NHWC')), [1, 1, 2, 3]);
});

test.run();
