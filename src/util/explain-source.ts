import { SlimError } from '../errors.ts';
import { errnoOf, isMissing } from './fs.ts';

/** Reads a file of the user's, and says which one it was when the system refuses, or when it went meanwhile. */
export function explainSource<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const errno = errnoOf(error);
    if (error instanceof SlimError || (!errno && !(error instanceof RangeError))) throw error;
    if (isMissing(error) || error instanceof RangeError)
      throw new SlimError('FILE_CHANGED', [path], { cause: error });
    if (errno === 'ENOSPC')
      throw new SlimError('OUTPUT_UNWRITABLE', ['a temporary file', 'the disk is full'], { cause: error });
    throw new SlimError('FILE_UNREADABLE', [path, errno ?? String(error)], { cause: error });
  }
}
