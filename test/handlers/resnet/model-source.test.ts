import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findModelSource } from '../../../src/handlers/resnet/model-source.ts';

const SHA256 = 'a'.repeat(64);

test('without a setting the model is the packaged one', () => {
  assert.equal(findModelSource({ MODEL_DIR: '', MODEL_URL: '' }, '/var/task/model'), {
    kind: 'folder',
    dir: '/var/task/model',
  });
});

test('MODEL_DIR is a mounted folder', () => {
  assert.equal(findModelSource({ MODEL_DIR: '/mnt/model' }, '/x'), { kind: 'folder', dir: '/mnt/model' });
});

test('MODEL_URL is a folder in S3, with a sha256 or without', () => {
  const source = findModelSource({ MODEL_URL: 's3://bucket/a/b' }, '/x');
  assert.equal(source, { kind: 'remote', base: new URL('s3://bucket/a/b/'), sha256: null });
  const whole = findModelSource({ MODEL_URL: 's3://bucket', MODEL_SHA256: SHA256 }, '/x');
  assert.is(whole.kind === 'remote' && whole.base.href, 's3://bucket/');
  assert.is(whole.kind === 'remote' && whole.sha256, SHA256);
});

test('MODEL_URL with https has to have a sha256', () => {
  const source = findModelSource({ MODEL_URL: 'https://h/a/', MODEL_SHA256: SHA256 }, '/x');
  assert.is(source.kind === 'remote' && source.base.href, 'https://h/a/');
  assert.throws(() => findModelSource({ MODEL_URL: 'https://h/a/' }, '/x'), /needs MODEL_SHA256/);
});

test('a setting that cannot be meant is refused', () => {
  assert.throws(() => findModelSource({ MODEL_DIR: '/a', MODEL_URL: 's3://b' }, '/x'), /both set/);
  assert.throws(() => findModelSource({ MODEL_URL: 's3://b', MODEL_SHA256: 'A' }, '/x'), /64 lower-case/);
  for (const MODEL_URL of ['b/c', 'http://h/a', 'file:///a', 's3:///key']) {
    assert.throws(() => findModelSource({ MODEL_URL, MODEL_SHA256: SHA256 }, '/x'), /has to be s3:/);
  }
  assert.throws(() => findModelSource({ MODEL_URL: 's3://b/a?x=1' }, '/x'), /no query/);
});

test.run();
