import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  formatInitReport,
  formatReportLine,
  parseInitReport,
  parseReportLine,
} from '../../src/lambda/report-line.ts';
import type { InvocationReport } from '../../src/lambda/types.ts';

const REPORT: InvocationReport = {
  requestId: 'a-b',
  durationMs: 3.014,
  billedMs: 114,
  memoryMiB: 128,
  initMs: 110.1,
  status: 'success',
  maxMemoryBytes: 36 * 1024 ** 2 - 5,
  readBytes: null,
  tmpBytes: null,
};

/** As recorded from a real function. */
const RECORDED =
  'REPORT RequestId: a-b\tDuration: 3.01 ms\tBilled Duration: 114 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\tInit Duration: 110.10 ms\t\n';

test('the line has the form of Lambda, and leaves out what is not known', () => {
  assert.is(formatReportLine(REPORT), RECORDED);
  assert.is(
    formatReportLine({ ...REPORT, initMs: null, maxMemoryBytes: null }),
    'REPORT RequestId: a-b\tDuration: 3.01 ms\tBilled Duration: 114 ms\tMemory Size: 128 MB\t\n',
  );
});

test('a line is read whatever the order of its fields, and among other lines', () => {
  const facts = {
    requestId: 'a-b',
    durationMs: 3.01,
    billedMs: 114,
    memoryMiB: 128,
    maxMemoryMiB: 36,
    initMs: 110.1,
    restoreMs: null,
    billedRestoreMs: null,
    status: null,
    errorType: null,
  };
  assert.equal(parseReportLine(`START\nhello\n${RECORDED}`), facts);
  const emulated =
    'REPORT RequestId: a-b\tInit Duration: 110.10 ms\tDuration: 3.01 ms\tBilled Duration: 114 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB';
  assert.equal(parseReportLine(emulated), facts);
  assert.is(parseReportLine('END RequestId: a-b\nno REPORT at the start'), null);
});

test('the last of several lines counts, with what SnapStart and failures add', () => {
  const snapStart =
    'REPORT RequestId: c\tDuration: 2338.66 ms\tBilled Duration: 2521 ms\tMemory Size: 512 MB\tMax Memory Used: 90 MB\tRestore Duration: 398.97 ms\tBilled Restore Duration: 182 ms\t\nXRAY TraceId: 1-2\tSegmentId: 3\n';
  const read = parseReportLine(RECORDED + snapStart);
  assert.equal(
    [read?.requestId, read?.durationMs, read?.restoreMs, read?.billedRestoreMs, read?.initMs],
    ['c', 2338.66, 398.97, 182, null],
  );
  const failed = parseReportLine(
    'REPORT RequestId: d\tDuration: 3000.00 ms\tStatus: error\tError Type: Runtime.ExitError\n',
  );
  assert.equal([failed?.status, failed?.errorType, failed?.memoryMiB], ['error', 'Runtime.ExitError', null]);
});

test('an init that failed is written and read', () => {
  assert.is(
    formatInitReport(10_008.4, null),
    'INIT_REPORT Init Duration: 10008.40 ms\tPhase: init\tStatus: timeout\n',
  );
  const line = formatInitReport(12, 'Runtime.ImportModuleError');
  assert.equal(parseInitReport(`loading\n${line}`), {
    initMs: 12,
    phase: 'init',
    status: 'error',
    errorType: 'Runtime.ImportModuleError',
  });
  assert.is(parseInitReport(RECORDED), null);
});

test.run();
