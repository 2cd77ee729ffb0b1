import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toDeployed } from '../../../src/aws/lambda/to-deployed.ts';

test('a failure is told, whether of making it or of the last update', () => {
  const failureOf = (found: Parameters<typeof toDeployed>[0]): string | null => toDeployed(found).failure;
  assert.is(failureOf({}), null, 'lists say nothing of it');
  assert.is(failureOf({ State: 'Active', LastUpdateStatus: 'Successful' }), null);
  assert.is(failureOf({ State: 'Pending', LastUpdateStatus: 'InProgress' }), null);
  assert.is(failureOf({ State: 'Failed', StateReason: 'No rights' }), 'No rights');
  const failed = { State: 'Active', LastUpdateStatus: 'Failed' } as const;
  assert.is(failureOf({ ...failed, LastUpdateStatusReason: 'The key is gone' }), 'The key is gone');
  assert.match(failureOf(failed) ?? '', 'AWS gives no reason');
});

test('what the API leaves out is Lambda’s default', () => {
  const { memoryMiB, timeoutSeconds, tmpMiB, environment, layers, vpc, packageType, arch } = toDeployed({});
  assert.equal([memoryMiB, timeoutSeconds, tmpMiB, environment, layers], [128, 3, 512, {}, []]);
  assert.equal([vpc, packageType, arch], [null, 'Zip', 'x64']);
});

test.run();
