import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPure } from '../../../../src/collect/python/install/local-wheel.ts';
import {
  olderUvPlatform,
  platformTags,
  uvPlatform,
} from '../../../../src/collect/python/install/target-tags.ts';
import { pythonPlatform } from '../../../helpers/python-project.ts';

test("wheels whose glibc is not newer than the runtime's fit, the newest first", () => {
  const al2023 = platformTags(pythonPlatform('3.12'));
  assert.is(al2023[0], 'manylinux_2_34_x86_64');
  for (const tag of ['manylinux_2_28_x86_64', 'manylinux2014_x86_64', 'manylinux1_x86_64', 'linux_x86_64'])
    assert.ok(al2023.includes(tag), tag);
  assert.not.ok(al2023.some(tag => /_2_35|musl|aarch64/.test(tag)));
  assert.ok(al2023.indexOf('manylinux_2_17_x86_64') + 1 === al2023.indexOf('manylinux2014_x86_64'));
  const al2 = platformTags(pythonPlatform('3.11', 'arm64'));
  assert.equal(
    [al2[0], al2.at(-2), al2.at(-1)],
    ['manylinux_2_26_aarch64', 'manylinux2014_aarch64', 'linux_aarch64'],
  );
});

test('uv is told the glibc where it has a name for it', () => {
  assert.is(uvPlatform(pythonPlatform('3.13', 'arm64')), 'aarch64-manylinux_2_34');
  assert.is(uvPlatform(pythonPlatform('3.11')), null);
  assert.is(olderUvPlatform(pythonPlatform('3.11')), 'x86_64-manylinux_2_17');
});

test('a wheel that was built here is taken when its tags are for every machine', () => {
  const platform = pythonPlatform('3.12');
  for (const tags of [
    'a-1.0-py3-none-any',
    'a-1.0-py2.py3-none-any',
    'a-1.0-1-py310-none-any',
    'cp312-none-any',
  ])
    assert.ok(isPure(tags, platform), tags);
  for (const tags of [
    'py2-none-any',
    'py313-none-any',
    'cp311-none-any',
    'py3-none-linux_x86_64',
    'cp312-cp312-any',
  ])
    assert.not.ok(isPure(tags, platform), tags);
});

test.run();
