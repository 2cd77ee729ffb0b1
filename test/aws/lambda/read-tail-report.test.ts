import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readTailReport } from '../../../src/aws/lambda/read-tail-report.ts';

const MIB = 1024 * 1024;
const read = (log: string) => readTailReport(Buffer.from(log).toString('base64'));
const REPORT =
  'REPORT RequestId: 1\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB';

test('a cold start has an init, a warm one has none', () => {
  const cold = read(`START RequestId: 1\nEND RequestId: 1\n${REPORT}\tInit Duration: 110.10 ms\t\n`);
  assert.equal(cold, { durationMs: 3.01, initMs: 110.1, maxMemoryBytes: 36 * MIB });
  assert.is(read(`${REPORT}\t\n`)?.initMs, null);
});

test('a restored snapshot counts as an init', () => {
  assert.is(
    read(`${REPORT}\tRestore Duration: 398.97 ms\tBilled Restore Duration: 182 ms\t\n`)?.initMs,
    398.97,
  );
});

test('a function that logs JSON reports in JSON, after a line that was cut off and one of its own', () => {
  const record = { metrics: { durationMs: 7.5, memorySizeMB: 128, maxMemoryUsedMB: 40, initDurationMs: 99 } };
  const log = `{"cut": "of\n{"type": "mine"}\n${JSON.stringify({ type: 'platform.report', record })}\n`;
  const report = { durationMs: 7.5, initMs: 99, maxMemoryBytes: 40 * MIB };
  assert.equal(read(log), report);
  assert.equal(read(`${log}REPORT of mine\n`), report);
});

test('a log without a report has none', () => {
  for (const log of [
    '',
    'REPORT\n',
    'a REPORT RequestId: 1\tDuration: 3 ms',
    '{"type":"platform.report"}',
    'null',
  ])
    assert.is(read(log), null, log);
});

test.run();
