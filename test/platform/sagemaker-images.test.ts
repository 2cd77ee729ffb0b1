import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SlimError } from '../../src/errors.ts';
import { runtimes } from '../../src/platform/runtimes.ts';
import { FRAMEWORKS, findSagemakerImage, toImageUri } from '../../src/platform/sagemaker-images.ts';

function codeOf(use: () => unknown): string {
  try {
    use();
  } catch (error) {
    if (error instanceof SlimError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'nothing';
}

test('an image is found by its version, by the beginning of it, or is the newest', () => {
  assert.is(findSagemakerImage('pytorch', '2.5.1').name, 'pytorch-inference:2.5.1-cpu-py311');
  assert.is(findSagemakerImage('pytorch', '2.5').version, '2.5.1');
  assert.is(findSagemakerImage('pytorch', null).name, 'pytorch-inference:2.6.0-cpu-py312');
  assert.is(findSagemakerImage('tensorflow', '2.19').name, 'tensorflow-inference:2.19.0-cpu');
  assert.is(findSagemakerImage('tensorflow', null).name, 'tensorflow-inference:2.20.0-cpu-py312');
  assert.match(
    codeOf(() => findSagemakerImage('pytorch', '2')),
    'nothing',
  );
  for (const wrong of ['9.9', '2.5.', '', '2.60', 'constructor'])
    assert.match(
      codeOf(() => findSagemakerImage('pytorch', wrong)),
      /^SAGEMAKER_IMAGE_UNKNOWN .*2\.6\.0/,
      wrong,
    );
});

test('each region has its account, China its domain, and an unknown one is told with those that are known', () => {
  const image = findSagemakerImage('pytorch', '2.6.0');
  const uri = (region: string): string => toImageUri(image, region);
  const name = 'pytorch-inference:2.6.0-cpu-py312';
  assert.is(uri('eu-west-1'), `763104351884.dkr.ecr.eu-west-1.amazonaws.com/${name}`);
  assert.is(uri('ap-east-1'), `871362719292.dkr.ecr.ap-east-1.amazonaws.com/${name}`);
  assert.is(uri('us-gov-west-1'), `442386744353.dkr.ecr.us-gov-west-1.amazonaws.com/${name}`);
  assert.is(uri('cn-north-1'), `727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/${name}`);
  assert.match(
    codeOf(() => uri('mars-north-1')),
    /^SAGEMAKER_REGION_UNKNOWN .*eu-west-1/,
  );
});

test('each image has a Python that a function can be built for', () => {
  for (const framework of FRAMEWORKS) {
    const { python, provides, modules } = findSagemakerImage(framework, null);
    assert.ok(runtimes.some(({ id }) => id === `python${python}`));
    assert.ok(provides.every(name => /^[a-z0-9-]+$/.test(name)));
    assert.ok(modules.length > 0);
  }
});

test.run();
