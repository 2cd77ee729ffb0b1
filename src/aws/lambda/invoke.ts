import { askAgain } from '../ask-again.ts';
import { isAwsError } from '../aws-cause.ts';
import type { InvocationAnswer } from '../types.ts';
import { readError } from './invoke-with-report.ts';
import type { PatientLambda } from './open-lambda.ts';
import { waitUntilSettled } from './wait-until-settled.ts';

/** Said of one that is being made or updated, or that AWS had put to rest and starts again now. */
const NOT_YET = ['ResourceConflictException', 'ResourceNotReadyException', 'TooManyRequestsException'];

/** Invokes `$LATEST` once; one that is not ready is waited for. Throws what AWS says, as of a file system that cannot be mounted. */
export async function invoke(lambda: PatientLambda, name: string, event: string): Promise<InvocationAnswer> {
  const answer = await whenReady(lambda, name, () =>
    lambda.callLong(`Invoking ${name}`, (client, options) =>
      client.invoke({ FunctionName: name, Payload: Buffer.from(event) }, options),
    ),
  );
  const text = Buffer.from(answer.Payload ?? []).toString();
  return {
    text,
    error: answer.FunctionError === undefined ? null : readError(answer.FunctionError, answer.Payload),
  };
}

/** Puts an event into Lambda's queue for the function. */
export async function start(lambda: PatientLambda, name: string, event: string): Promise<void> {
  await whenReady(lambda, name, () =>
    lambda.call(`Starting ${name}`, (client, options) =>
      client.invoke({ FunctionName: name, InvocationType: 'Event', Payload: Buffer.from(event) }, options),
    ),
  );
}

function whenReady<T>({ call, patience }: PatientLambda, name: string, work: () => Promise<T>): Promise<T> {
  const { signal, pollMs, waitMs } = patience;
  return askAgain(work, {
    signal,
    waitMs,
    pauseMs: pollMs,
    mayPass: error => isAwsError(error, ...NOT_YET),
    settle: leftMs => waitUntilSettled(call, name, { signal, pollMs, timeoutMs: leftMs }),
  });
}
