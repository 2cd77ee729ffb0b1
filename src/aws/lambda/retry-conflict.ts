import { askAgain } from '../ask-again.ts';
import { awsCause, isAwsError, orNothing } from '../aws-cause.ts';
import type { PatientLambda } from './open-lambda.ts';
import { waitUntilSettled } from './wait-until-settled.ts';

/** How IAM says that a role, or what it allows, is not known everywhere yet; a wrong role gets the same words. */
const NEW_ROLE =
  /cannot be assumed by Lambda|execution role does not have permissions to call|KMS key is invalid for CreateGrant/;
const NEW_ROLE_MS = 30_000;
/** In polls. */
const NEW_ROLE_PAUSE = 10;

/**
 * Changes a function; while another update of it is in progress, waits until that is done and tries again. Other conflicts, such
 * as a name that is taken, are thrown at once.
 */
export function retryConflict<T>(
  { call, patience }: PatientLambda,
  name: string,
  write: () => Promise<T>,
): Promise<T> {
  const { signal, pollMs, waitMs } = patience;
  return askAgain(write, {
    signal,
    waitMs,
    pauseMs: pollMs,
    mayPass: isUpdateInProgress,
    // Nothing is there where a function is about to be created again.
    settle: leftMs => orNothing(waitUntilSettled(call, name, { signal, pollMs, timeoutMs: leftMs })),
  });
}

/** Names a role to Lambda, which may not know of it for some seconds after it was made. */
export function retryNewRole<T>({ patience }: PatientLambda, write: () => Promise<T>): Promise<T> {
  const { signal, pollMs, waitMs } = patience;
  return askAgain(write, {
    signal,
    waitMs: Math.min(waitMs, NEW_ROLE_MS),
    pauseMs: NEW_ROLE_PAUSE * pollMs,
    mayPass: error =>
      isAwsError(error, 'InvalidParameterValueException') && NEW_ROLE.test(awsCause(error)?.message ?? ''),
  });
}

/** `An update is in progress for resource`, or `The function is currently in the following state: Pending`. */
function isUpdateInProgress(error: unknown): boolean {
  const { message = '' } = awsCause(error) ?? {};
  return (
    isAwsError(error, 'ResourceConflictException') &&
    /operation cannot be performed at this time/.test(message)
  );
}
