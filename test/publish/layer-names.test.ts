import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isOurLayer, layerNameOf, layersDigest } from '../../src/publish/layer-names.ts';
import { FUNCTION_ARN, layerArnOf, partOf } from '../helpers/deployed.ts';

test('the name of a layer is told by the ARN of its version', () => {
  assert.is(layerNameOf(layerArnOf('classify-deps-1', 3)), 'classify-deps-1');
  assert.is(layerNameOf('no ARN'), '');
});

test('ours are those that publishing this function makes', () => {
  const ours = ['classify-native-1', 'classify-models-2', 'classify-deps-5'];
  const others = [
    'classify-deps-0',
    'classify-deps-10',
    'classify-deps',
    'classify-tools-1',
    'classify-native-1-deps-1',
    'classify2-deps-1',
    'deps-1',
    'numpy',
  ];
  for (const name of ours) assert.ok(isOurLayer(layerArnOf(name), FUNCTION_ARN), name);
  for (const name of others) assert.not(isOurLayer(layerArnOf(name), FUNCTION_ARN), name);
  assert.not(isOurLayer(layerArnOf('classify-deps-1', 1, '999999999999'), FUNCTION_ARN), 'another account');
  assert.not(isOurLayer(layerArnOf('classify-deps-1'), ''), 'a function that is not there');
});

test('a function with a dash in its name', () => {
  const arn = `${FUNCTION_ARN}-native-1`;
  assert.ok(isOurLayer(layerArnOf('classify-native-1-deps-1'), arn));
  assert.not(isOurLayer(layerArnOf('classify-native-1'), arn));
});

test('the digest tells version, content and order', () => {
  const [a, b] = [partOf('classify-native-1', 'a'), partOf('classify-deps-1', 'b')];
  const layers = [
    { arn: layerArnOf(a.name), part: a },
    { arn: layerArnOf(b.name), part: b },
  ];
  const digest = layersDigest(layers);
  assert.match(digest, /^[0-9a-f]{64}$/);
  assert.is(layersDigest([...layers]), digest);
  const others = [
    layers.toReversed(),
    layers.slice(1),
    [{ arn: layerArnOf(a.name, 2), part: a }, ...layers.slice(1)],
    [{ arn: layerArnOf(a.name), part: partOf(a.name, 'c') }, ...layers.slice(1)],
  ];
  for (const other of others) assert.is.not(layersDigest(other), digest);
});

test.run();
