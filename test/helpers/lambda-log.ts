import { randomUUID } from 'node:crypto';

/** The tail of a function's log with its REPORT, as Lambda words it. */
export function toLog(kind: 'text' | 'json' | 'none', cold: boolean): string {
  const id = randomUUID();
  if (kind === 'none') return 'the function says something\n';
  if (kind === 'json') {
    const metrics = { durationMs: 3.01, billedDurationMs: 4, memorySizeMB: 128, maxMemoryUsedMB: 36 };
    const record = { requestId: id, metrics: { ...metrics, ...(cold ? { initDurationMs: 110.1 } : {}) } };
    return `{"cut off\n${JSON.stringify({ time: '2026-11-21T00:00:00Z', type: 'platform.report', record })}\n`;
  }
  const init = cold ? '\tInit Duration: 110.10 ms' : '';
  return `START RequestId: ${id} Version: $LATEST\nEND RequestId: ${id}\nREPORT RequestId: ${id}\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB${init}\t\n`;
}
