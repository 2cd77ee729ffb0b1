import { SlimError } from '../../errors.ts';
import type { FunctionError } from '../../lambda/types.ts';
import { type FunctionRef, formatRef, toTarget } from './function-ref.ts';
import type { CallLambda } from './open-lambda.ts';
import { readTailReport, type TailReport } from './read-tail-report.ts';

export interface ReportedInvocation extends TailReport {
  /** Until the answer was here. */
  readonly waitMs: number;
  readonly error: FunctionError | null;
}

/** Invokes a deployed function and reads the report at the end of its log. Throws `REPORT_MISSING`, and what AWS says. */
export async function invokeWithReport(
  call: CallLambda,
  ref: FunctionRef,
  event: string,
  signal: AbortSignal,
): Promise<ReportedInvocation> {
  const began = performance.now();
  const answer = await call(`Invoking ${formatRef(ref)}`, lambda =>
    lambda.invoke(
      { ...toTarget(ref), LogType: 'Tail', Payload: Buffer.from(event) },
      { abortSignal: signal },
    ),
  );
  const waitMs = performance.now() - began;
  const error = answer.FunctionError === undefined ? null : readError(answer.FunctionError, answer.Payload);
  const report = readTailReport(answer.LogResult ?? '');
  if (report) return { ...report, waitMs, error };
  if (error) return { durationMs: 0, initMs: null, maxMemoryBytes: null, waitMs, error };
  throw new SlimError('REPORT_MISSING', [formatRef(ref)]);
}

/** What Lambda answers for a function that failed is a JSON object; what it is not, is told as it is. */
export function readError(kind: string, payload: Uint8Array | undefined): FunctionError {
  const text = Buffer.from(payload ?? []).toString();
  try {
    const { errorType, errorMessage } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return { errorType: String(errorType ?? kind), errorMessage: String(errorMessage ?? text) };
  } catch {
    return { errorType: kind, errorMessage: text };
  }
}
