import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatRef, isLatest, parseFunctionRef } from '../../../src/aws/lambda/function-ref.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:api';

const CASES: Readonly<Record<string, readonly [string, string | null]>> = {
  api: ['api', null],
  'api:live': ['api', 'live'],
  'api:7': ['api', '7'],
  'api:$LATEST': ['api', '$LATEST'],
  [ARN]: [ARN, null],
  [`${ARN}:live`]: [ARN, 'live'],
  '123456789012:function:api': ['123456789012:function:api', null],
  '123456789012:function:api:live': ['123456789012:function:api', 'live'],
};

test('names, qualifiers and ARNs are told apart', () => {
  for (const [text, [name, qualifier]] of Object.entries(CASES)) {
    assert.equal(parseFunctionRef(text), { name, qualifier }, text);
    assert.is(formatRef(parseFunctionRef(text)), text);
  }
});

test('only $LATEST can be changed', () => {
  assert.ok(isLatest(parseFunctionRef('api')) && isLatest(parseFunctionRef(`${ARN}:$LATEST`)));
  assert.not.ok(isLatest(parseFunctionRef('api:live')) || isLatest(parseFunctionRef('api:7')));
});

test.run();
