import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toClientConfig } from '../../src/aws/client-config.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };

test('what the environment does not say is left to the SDK', () => {
  assert.equal(toClientConfig({}, 'LAMBDA'), {});
  assert.equal(toClientConfig({ AWS_REGION: '', AWS_ACCESS_KEY_ID: 'id' }, 'LAMBDA'), {});
});

test('the endpoint of the service beats the one of all services', () => {
  const env = { AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_LAMBDA: 'http://lambda' };
  assert.equal(toClientConfig(env, 'LAMBDA'), { endpoint: 'http://lambda' });
  assert.equal(toClientConfig(env, 'S3'), { endpoint: 'http://all' });
});

test('AWS_REGION beats AWS_DEFAULT_REGION', () => {
  assert.equal(toClientConfig({ AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }, 'S3'), { region: 'a' });
});

test('keys with or without a session; a profile beats them', () => {
  const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
  assert.equal(toClientConfig(KEYS, 'S3'), { credentials });
  assert.equal(toClientConfig({ ...KEYS, AWS_SESSION_TOKEN: 't' }, 'S3'), {
    credentials: { ...credentials, sessionToken: 't' },
  });
  assert.equal(toClientConfig({ ...KEYS, AWS_PROFILE: 'p' }, 'S3'), { profile: 'p' });
});

test.run();
