import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatEfs } from '../../src/report/format-efs.ts';
import { toResultContent } from '../../src/report/json.ts';
import { chooseStyle } from '../../src/report/style.ts';
import { formatBuild, formatPlan } from '../../src/report/text.ts';
import type { EfsReport } from '../../src/types.ts';
import { makeResult } from '../helpers/results.ts';

const style = chooseStyle({ isTTY: false }, { NO_COLOR: '1' });
const MIB = 1024 * 1024;
const ID = 'ab'.repeat(32);
const EFS: EfsReport = {
  files: 4,
  bytes: 43 * MIB,
  own: [
    { path: 'labels.txt', files: 1, bytes: 2048 },
    { path: 'model/', files: 2, bytes: 40 * MIB },
  ],
  store: '/mnt/ml/classify',
  environment: { MODEL_DIR: '{root}/model' },
  off: ['compress-libraries'],
  bundle: { path: '/out dir/function.bundle', release: ID, chunks: 2, compressedBytes: 12 * MIB },
};

test('a build says what is in the bundle, how it is found, what is off, and what to do next', () => {
  const text = formatEfs(makeResult({ efs: EFS }), style).join('\n');
  assert.match(text, `release           ${ID}`);
  assert.match(text, '43 MiB in 4 files; compressed 12 MiB in 2 chunks');
  assert.match(text, 'own files         labels.txt (2 KiB), model/ (40 MiB in 2 files)');
  assert.match(text, `LAMBDA_SLIM_ROOT  /mnt/ml/classify/releases/${ID}`);
  assert.match(text, `MODEL_DIR         /mnt/ml/classify/releases/${ID}/model`);
  assert.match(text, 'libraries are not compressed one by one');
  assert.match(text, 'next: lambda-slim publish --target efs');
  assert.match(text, "lambda-slim sync '/out dir/function.bundle' --to /mnt/ml/classify");
});

test('the limits are those of the zip, and what is not in it is said to be in the bundle', () => {
  const result = makeResult({ efs: { ...EFS, bundle: null }, artifact: null });
  const plan = formatPlan(result, { files: false }, style);
  assert.match(plan, /unzipped +\[#?\.+\] +[\d.]+ KiB of/);
  assert.match(plan, 'For the file system');
  assert.not.match(plan, 'lambda-slim sync');
  const made = makeResult({ efs: EFS });
  const artifact = made.artifact && { ...made.artifact, entries: made.artifact.entries.slice(0, 1) };
  assert.match(formatBuild({ ...made, artifact }, style), /40 MiB +in the bundle/);
});

test('one that is no bundle says nothing of it; JSON has it as it is', () => {
  assert.equal(formatEfs(makeResult(), style), []);
  const content = toResultContent([makeResult({ efs: EFS })], { paths: false });
  assert.equal(content.efs, EFS);
  assert.is(toResultContent([makeResult()], { paths: false }).efs, null);
});

test.run();
