import { SlimError } from '../errors.ts';
import type { Finding } from '../findings.ts';
import type { Invocation } from '../lambda/types.ts';

/** Throws `EXACT_RUN_FAILED` where the function failed; tells of an answer that says so itself. */
export function judgeInvocation(event: string, { outcome }: Invocation): readonly Finding[] {
  const error = outcome.kind === 'answer' ? null : outcome.error;
  if (error) throw new SlimError('EXACT_RUN_FAILED', [event, error.errorType, error.errorMessage]);
  return outcome.kind === 'error' ? [] : judgeStatus(event, outcome.body);
}

function judgeStatus(event: string, body: Uint8Array): readonly Finding[] {
  const statusCode = findStatus(body);
  if (statusCode === null || statusCode < 500) return [];
  return [{ code: 'EXACT_ANSWER_FAILED', level: 'warning', event, statusCode }];
}

/** Longest JSON text of an answer that is looked into, bytes: that of the largest one Lambda passes on. */
const MAX_BYTES = 8 << 20;

/** The status of an HTTP answer, or of the prelude before the eight NULs of a streamed one. */
function findStatus(body: Uint8Array): number | null {
  const end = body.indexOf(0);
  const head = end < 0 ? body : body.subarray(0, end);
  if (head.length > MAX_BYTES) return null;
  try {
    const { statusCode } = JSON.parse(Buffer.from(head).toString()) as { statusCode?: unknown };
    return typeof statusCode === 'number' ? statusCode : null;
  } catch {
    return null;
  }
}
