import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AccountLimits,
  checkSettings,
  measureEnvironment,
  measureRequest,
} from '../../src/check/check-settings.ts';
import { limits } from '../../src/platform/limits.ts';

const NOTHING = { environmentBytes: null, tmpMiB: 512, account: null };
const MIB = 1024 * 1024;

test('variables are measured as compact JSON, to the byte', () => {
  assert.is(measureEnvironment({}), 2);
  assert.is(measureEnvironment({ A: 'ü' }), '{"A":"u"}'.length + 1);
  const codes = (environmentBytes: number): readonly string[] =>
    checkSettings({ ...NOTHING, environmentBytes }, null, 0).map(({ code }) => code);
  assert.equal([codes(4096), codes(4097)], [[], ['LIMIT_ENVIRONMENT']]);
});

test('/tmp is what Lambda gives', () => {
  const codes = (tmpMiB: number): readonly string[] =>
    checkSettings({ ...NOTHING, tmpMiB }, null, 0).map(({ code }) => code);
  assert.equal([511, 512, 10_240, 10_241].map(codes), [['LIMIT_TMP'], [], [], ['LIMIT_TMP']]);
});

test('a zip at the limit fits into a request, and not much more does', () => {
  assert.ok(measureRequest(limits.zippedBytes, 4096) <= limits.requestBytes);
  assert.ok(measureRequest(limits.zippedBytes + MIB, 0) > limits.requestBytes);
});

const ACCOUNT: AccountLimits = {
  zippedBytes: 20 * MIB,
  unzippedBytes: 100 * MIB,
  storageBytes: 1000 * MIB,
  freeStorageBytes: 200 * MIB,
};

function judge(account: AccountLimits, zippedMiB: number | null, unzippedMiB: number): readonly string[] {
  const zipped = zippedMiB === null ? null : zippedMiB * MIB;
  return checkSettings({ ...NOTHING, account }, zipped, unzippedMiB * MIB).map(finding =>
    finding.code === 'LIMIT_ACCOUNT' ? `${finding.level} ${finding.what} ${finding.limit / MIB}` : '',
  );
}

test('the limits of an account are told where they are tighter than those of Lambda', () => {
  assert.equal(judge(ACCOUNT, 20, 99), []);
  assert.equal(judge(ACCOUNT, 21, 100), ['error unzipped 100', 'warning zipped 20']);
  assert.equal(judge(ACCOUNT, null, 201), ['error unzipped 100', 'error storage 200']);
  const usual = { ...ACCOUNT, zippedBytes: limits.zippedBytes, unzippedBytes: limits.unzippedBytes };
  assert.equal(judge(usual, 51, 199), []);
});

test.run();
