import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { s3ObjectUrl } from '../../../src/handlers/resnet/s3.ts';

const CASES: readonly (readonly [
  url: string,
  region: string,
  env: Record<string, string>,
  expected: string,
])[] = [
  ['s3://b/a/m.onnx', 'eu-west-1', {}, 'https://b.s3.eu-west-1.amazonaws.com/a/m.onnx'],
  ['s3://b.c/m.onnx', 'eu-west-1', {}, 'https://s3.eu-west-1.amazonaws.com/b.c/m.onnx'],
  ['s3://b/m.onnx', 'cn-north-1', {}, 'https://b.s3.cn-north-1.amazonaws.com.cn/m.onnx'],
  ['s3://b/a b/c+d/(é)', 'us-east-1', {}, 'https://b.s3.us-east-1.amazonaws.com/a%20b/c%2Bd/%28%C3%A9%29'],
  ['s3://b/k', 'us-east-1', { AWS_ENDPOINT_URL: 'http://127.0.0.1:5000' }, 'http://127.0.0.1:5000/b/k'],
  [
    's3://b/k',
    'us-east-1',
    { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_S3: 'http://s/' },
    'http://s/b/k',
  ],
];

for (const [url, region, env, expected] of CASES) {
  test(`${url} in ${region} ${Object.keys(env)} is ${expected}`, () => {
    assert.is(s3ObjectUrl(new URL(url), region, env), expected);
  });
}

test.run();
