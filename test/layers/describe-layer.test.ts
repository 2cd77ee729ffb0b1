import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeLayer, readLayerDescription } from '../../src/layers/describe-layer.ts';

const SHA = 'ab'.repeat(32);

test('a description is read as it was written', () => {
  const text = describeLayer(SHA, 262_143_999);
  assert.equal(readLayerDescription(text), { sha256: SHA, unzippedBytes: 262_143_999 });
  assert.ok(text.length <= 256);
});

test('descriptions of others say nothing', () => {
  const texts = ['', 'numpy for Python 3.12', `lambda-slim sha256=${SHA}`, `x ${describeLayer(SHA, 1)}`];
  for (const text of texts) assert.is(readLayerDescription(text), null, text);
});

test.run();
