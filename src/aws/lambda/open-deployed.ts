import { randomBytes } from 'node:crypto';
import { SlimError } from '../../errors.ts';
import { removeColdMarker, setColdMarker } from './cold-marker.ts';
import { type FunctionRef, formatRef, isLatest, parseFunctionRef, toTarget } from './function-ref.ts';
import { invokeWithReport, type ReportedInvocation } from './invoke-with-report.ts';
import type { CallLambda } from './open-lambda.ts';

export interface DeployedFunction {
  /** As the user wrote it. */
  readonly name: string;
  /** Of the zip; null where the configuration may not be read. */
  readonly zippedBytes: number | null;
  invoke(event: string): Promise<ReportedInvocation>;
  /** Makes the next invocation a cold start; null where that was not asked for. */
  readonly makeCold: (() => Promise<void>) | null;
  /** Takes back what `makeCold` changed; also when everything was cancelled, and safe to call when nothing was changed. */
  restore(): Promise<void>;
}

export interface DeployedOptions {
  readonly forceCold: boolean;
  readonly signal: AbortSignal;
  /** How often an update is asked after; for tests. */
  readonly pollMs?: number;
}

/** How long putting things right may take after a Ctrl-C. */
const RESTORE_MS = 60_000;

/** A deployed function to be measured. Throws `AWS_NOT_FOUND` and what else AWS says; `USAGE` where a version should be changed. */
export async function openDeployed(
  call: CallLambda,
  text: string,
  { forceCold, signal, pollMs }: DeployedOptions,
): Promise<DeployedFunction> {
  const ref = parseFunctionRef(text);
  if (forceCold && !isLatest(ref)) throw refuseVersion(ref);
  const zippedBytes = await readCodeSize(call, ref);
  let round = 0;
  const run = randomBytes(4).toString('hex');
  return {
    name: text,
    zippedBytes,
    invoke: event => invokeWithReport(call, ref, event, signal),
    makeCold: forceCold ? () => setColdMarker(call, ref.name, `${run}-${++round}`, { signal, pollMs }) : null,
    async restore() {
      if (round === 0) return;
      const own = new AbortController();
      await removeColdMarker(call, ref.name, { signal: own.signal, pollMs, timeoutMs: RESTORE_MS });
      round = 0;
    },
  };
}

/** Measuring needs no more than the right to invoke; the size is an extra. */
async function readCodeSize(call: CallLambda, ref: FunctionRef): Promise<number | null> {
  try {
    const found = await call(`Reading the configuration of ${formatRef(ref)}`, lambda =>
      lambda.getFunctionConfiguration(toTarget(ref)),
    );
    return found.CodeSize ?? null;
  } catch (error) {
    if (error instanceof SlimError && error.code === 'AWS_DENIED') return null;
    throw error;
  }
}

function refuseVersion(ref: FunctionRef): SlimError {
  const reason = `--force-cold changes a variable of $LATEST, and ${formatRef(ref)} is an alias or a version, which never changes`;
  return new SlimError('USAGE', [reason, 'lambda-slim bench', null]);
}
