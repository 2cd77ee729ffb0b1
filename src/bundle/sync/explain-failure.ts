import { SlimError } from '../../errors.ts';
import { errnoOf } from '../../util/fs.ts';
import type { Lock } from './lock.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'it is mounted read-only',
  ENOSPC: 'there is no space left',
  EDQUOT: 'the quota is used up',
  EFBIG: 'files may not become that large here',
  EIO: 'the disk or file server failed',
  ESTALE: 'the file server does not know it any more',
  ETIMEDOUT: 'the file server does not answer',
  EISDIR: 'a folder is in the way',
  ENOTDIR: 'a file is in the way of its folder',
  EEXIST: 'something else is in the way',
  ENOTEMPTY: 'something else is in the way',
  ELOOP: 'a link is in the way',
  ENOENT: 'it, or its folder, went away',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long for the file system',
  EINVAL: 'the file system refuses it',
};

/** Calls that only look. */
const READS = ['read', 'scandir', 'lstat', 'stat', 'readlink'];

interface Circumstances {
  readonly dir: string;
  /** Null where it is not taken yet, or not needed. */
  readonly lock: Lock | null;
  readonly signal: AbortSignal | undefined;
  /** Nothing was to be written. */
  readonly onlyReads?: boolean;
}

/** What went wrong in the store, in words. Whoever has lost the lock fails in many ways, and that is their reason. */
export async function explainFailure(
  error: unknown,
  { dir, lock, signal, onlyReads = false }: Circumstances,
): Promise<unknown> {
  if (lock?.signal.aborted) return lock.signal.reason;
  if (error instanceof SlimError) return error;
  if (signal?.aborted) return new SlimError('CANCELLED', [], { cause: error });
  const errno = errnoOf(error);
  if (errno === undefined || !(error instanceof Error)) return error;
  const { path, syscall = '' } = placeOf(error, errno);
  // Before there is a lock, it may be of the source.
  if (!lock && path === undefined && !(errno in REASONS)) return error;
  return (
    (await findLoss(lock)) ??
    new SlimError(
      onlyReads || READS.includes(syscall) ? 'SYNC_UNREADABLE' : 'SYNC_UNWRITABLE',
      [path ?? dir, REASONS[errno] ?? errno],
      { cause: error },
    )
  );
}

/** What is in the way of a rename is where it leads to. */
function placeOf(error: NodeJS.ErrnoException & { readonly dest?: string }, errno: string) {
  const { path, dest, syscall } = error;
  return { path: REASONS[errno]?.includes('in the way') ? (dest ?? path) : path, syscall };
}

async function findLoss(lock: Lock | null): Promise<SlimError | null> {
  try {
    await lock?.confirm();
    return null;
  } catch (reason) {
    return reason instanceof SlimError ? reason : null;
  }
}
