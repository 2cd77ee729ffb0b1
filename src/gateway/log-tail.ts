import { formatReportLine } from '../lambda/report-line.ts';
import type { Invocation } from '../lambda/types.ts';

/** What `LogType: Tail` gives at most, bytes. */
const TAIL_BYTES = 4096;

/** The end of an invocation's log with Lambda's own lines, base64. */
export function toLogTail({ report, logs }: Invocation): string {
  const { requestId } = report;
  const printed = logs === '' || logs.endsWith('\n') ? logs : `${logs}\n`;
  const start = `START RequestId: ${requestId} Version: $LATEST\n`;
  const text = `${start}${printed}END RequestId: ${requestId}\n${formatReportLine(report)}`;
  return Buffer.from(text, 'utf8').subarray(-TAIL_BYTES).toString('base64');
}
