import { SlimError } from '../errors.ts';

/** The error of the SDK that an error of ours was made of, or the error itself. */
export function awsCause(error: unknown): Error | null {
  const cause = error instanceof SlimError ? error.cause : error;
  return cause instanceof Error ? cause : null;
}

/** True where AWS answered with one of these errors. */
export function isAwsError(error: unknown, ...names: readonly string[]): boolean {
  return names.includes(awsCause(error)?.name ?? '');
}

/** Gives null for what AWS does not know. */
export async function orNothing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof SlimError && error.code === 'AWS_NOT_FOUND') return null;
    throw error;
  }
}

/**
 * A call that changes something, and whose answer may have got lost: the SDK asks again, and AWS refuses the second as it is done
 * already. `findDone` looks for what it should have made, and gives null where there is none or another.
 */
export async function takeIfDone<T>(
  write: Promise<T>,
  refusals: readonly string[],
  findDone: () => Promise<T | null>,
): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const done = isAwsError(error, ...refusals) ? await findDone() : null;
    if (done === null) throw error;
    return done;
  }
}
