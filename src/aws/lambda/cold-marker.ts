import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { SlimError } from '../../errors.ts';
import { isAwsError } from '../aws-cause.ts';
import type { CallLambda } from './open-lambda.ts';
import { type Waiting, waitUntilReady, waitUntilSettled } from './wait-until-settled.ts';

/** A change of the environment ends all environments of `$LATEST`, so the next invocation is a cold start. */
export const COLD_MARKER = 'LAMBDA_SLIM_BENCH';

type Variables = Readonly<Record<string, string>>;

const MAX_TRIES = 5;

/**
 * Sets the marker to `value` and waits until the function has it; all other variables stay. Throws `ENVIRONMENT_UNREADABLE`,
 * `FUNCTION_NOT_READY`, `CANCELLED`, and what AWS says.
 */
export async function setColdMarker(
  call: CallLambda,
  name: string,
  value: string,
  waiting: Waiting,
): Promise<void> {
  await changeVariables(call, name, variables => ({ ...variables, [COLD_MARKER]: value }), waiting);
  await waitUntilReady(call, name, waiting);
}

/**
 * Takes the marker away, and nothing else: whoever changed other variables meanwhile keeps the change. Give it a signal of
 * its own, since it has to run when everything else was cancelled. Throws `ENVIRONMENT_LEFT`.
 */
export async function removeColdMarker(call: CallLambda, name: string, waiting: Waiting): Promise<void> {
  const without = ({ [COLD_MARKER]: _, ...others }: Variables): Variables => others;
  try {
    await changeVariables(call, name, without, waiting);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw new SlimError('ENVIRONMENT_LEFT', [name, COLD_MARKER, reason], { cause: error });
  }
}

/** The revision makes sure that what is written was made from what is there; where it is not, it is read again. */
async function changeVariables(
  call: CallLambda,
  name: string,
  change: (variables: Variables) => Variables,
  waiting: Waiting,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const found = await waitUntilSettled(call, name, waiting);
    const before = readVariables(found, name);
    const after = change(before);
    if (after[COLD_MARKER] === before[COLD_MARKER]) return;
    try {
      // Not cancellable: a request that was let go could still arrive after the marker was taken away.
      await call(`Updating the configuration of ${name}`, lambda =>
        lambda.updateFunctionConfiguration({
          FunctionName: name,
          Environment: { Variables: { ...after } },
          ...(found.RevisionId ? { RevisionId: found.RevisionId } : {}),
        }),
      );
      return;
    } catch (error) {
      // Somebody else changed it between our reading and writing, or is about to.
      const isConflict = isAwsError(error, 'PreconditionFailedException', 'ResourceConflictException');
      if (tries >= MAX_TRIES || !isConflict) throw error;
    }
  }
}

/** An environment that AWS could not decrypt comes without variables, and writing it back would erase them. */
function readVariables({ Environment }: FunctionConfiguration, name: string): Variables {
  const { Error: failure, Variables: variables } = Environment ?? {};
  if (failure)
    throw new SlimError('ENVIRONMENT_UNREADABLE', [
      name,
      failure.Message ?? failure.ErrorCode ?? 'AWS gives no reason',
    ]);
  return variables ?? {};
}
