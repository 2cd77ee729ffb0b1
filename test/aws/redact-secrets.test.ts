import { inspect } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { explainAwsError } from '../../src/aws/explain-aws-error.ts';
import { redactSecrets } from '../../src/aws/redact-secrets.ts';
import { SlimError } from '../../src/errors.ts';

const SECRET = 'hunter2 \' at "x"';
const TEXTS = [
  `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: {"KEY":"${SECRET}",\n"B1":"${SECRET}"}`,
  `1 validation error detected: Value '{KEY=${SECRET}}' at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint`,
  `2 validation errors detected: Value '{A=b, KEY=${SECRET}}' at 'environment.variables' failed; Value 'x y' at 'handler' failed to satisfy constraint`,
  'Error while GET https://prod-eu-west-1.s3.amazonaws.com/snapshots/1?versionId=2&X-Amz-Security-Token=hunter2&X-Amz-Signature=hunter2',
];

test('values of variables and signed URLs go, the rest of the text stays', () => {
  const left = TEXTS.map(redactSecrets);
  for (const text of left) assert.not.match(text, 'hunter2');
  assert.match(left[0] ?? '', /4KB limit\.$/);
  assert.match(left[1] ?? '', "A value at 'environment.variables' failed to satisfy constraint");
  assert.match(left[2] ?? '', "Value 'x y' at 'handler' failed");
  assert.match(left[3] ?? '', 'Error while GET (a signed URL)');
});

test('a text without secrets stays as it is', () => {
  for (const text of ["Value 'x' at 'handler' failed", 'See https://docs.aws.amazon.com/?a=b', ''])
    assert.is(redactSecrets(text), text);
});

test('an explained error holds no secret, nor does its cause, and both can still be told apart', () => {
  for (const text of TEXTS) {
    const thrown = Object.assign(new Error(text), {
      name: 'InvalidParameterValueException',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    const explained = explainAwsError(thrown, 'Updating the configuration of classify');
    assert.ok(explained instanceof SlimError);
    assert.is(explained.code, 'AWS_REFUSED');
    assert.not.match(inspect(explained, { depth: 5, showHidden: true }), 'hunter2');
    assert.is((explained.cause as Error).name, 'InvalidParameterValueException');
  }
});

test.run();
