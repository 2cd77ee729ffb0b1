import { awsCause, isAwsError } from '../aws-cause.ts';

/** How SageMaker says that something is not there: as an invalid request, in these words. */
const MISSING = /^(?:Could not find |Endpoint \S+ of account \S+ not found)/;

/** Gives null for what SageMaker does not know. */
export async function orMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    const text = awsCause(error)?.message ?? '';
    if (isAwsError(error, 'ValidationException', 'ValidationError') && MISSING.test(text)) return null;
    if (isAwsError(error, 'ResourceNotFound', 'ResourceNotFoundException')) return null;
    throw error;
  }
}
