import { randomBytes } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SlimError } from '../errors.ts';
import { makeTempPrefix, sweepTempDirs } from './temp-owner.ts';

/** True for the errors that mean "there is nothing here". */
export function isMissing(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The errno name of a system error, such as `ENOSPC`. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Awaits `promise` and turns "there is nothing here" into null. */
export async function orNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** True when something is there; a broken link is not. */
export async function exists(path: string): Promise<boolean> {
  return (await orNull(access(path).then(() => true))) ?? false;
}

/**
 * Writes a file so that nobody ever sees half of it: temporary name beside it, fsync, rename. Without `flush` a loss of power may
 * leave it short, which is for what its readers verify. Throws `OUTPUT_UNWRITABLE` when the disk or its permissions refuse; the temporary file is gone in every case.
 */
export async function writeAtomic<T>(
  path: string,
  write: (file: FileHandle) => Promise<T>,
  { flush = true } = {},
): Promise<T> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx', 0o644);
    let result: T;
    try {
      result = await write(file);
      if (flush) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return result;
  } catch (error) {
    // Where a file is in the way of the folder, there is no temporary file to remove either.
    await orNull(rm(temporary, { force: true }));
    throw explainWrite(path, error);
  }
}

/** Finds out, before long work, that its result could not be written; makes nothing. Throws `OUTPUT_UNWRITABLE`. */
export async function checkWritable(path: string): Promise<void> {
  const refuse = (errno: string): never => {
    throw explainWrite(path, Object.assign(new Error(errno), { code: errno }));
  };
  if ((await orNull(stat(path)))?.isDirectory()) refuse('EISDIR');
  let folder = dirname(path);
  let found = await orNull(stat(folder));
  for (; !found; found = await orNull(stat(folder))) folder = dirname(folder);
  if (!found.isDirectory()) refuse('ENOTDIR');
  await access(folder, constants.W_OK).catch((error: unknown) => refuse(errnoOf(error) ?? 'EACCES'));
}

const WRITE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EISDIR: 'a folder of that name is in the way',
  ENOTDIR: 'a file is in the way of its folder',
  EEXIST: 'a file is in the way of its folder',
  ENOENT: 'its folder cannot be made',
};

function explainWrite(path: string, error: unknown): unknown {
  const reason = WRITE_ERRORS[errnoOf(error) ?? ''];
  return reason ? new SlimError('OUTPUT_UNWRITABLE', [path, reason], { cause: error }) : error;
}

/** Makes a folder and those above it that are missing, for all to read, whatever the umask of the host. */
export async function makeFolders(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  for (let dir = path; first !== undefined && dir.length >= first.length; dir = dirname(dir))
    await chmod(dir, 0o755);
}

let swept: Promise<void> | undefined;

/**
 * Makes an empty folder for `use` and removes it afterwards, whatever happens; and before the first one, those of processes that were
 * killed.
 */
export async function withTempDir<T>(use: (dir: string) => Promise<T>): Promise<T> {
  swept ??= sweepTempDirs(tmpdir());
  await swept;
  const dir = await mkdtemp(join(tmpdir(), await makeTempPrefix())).catch((error: unknown) => {
    throw explainWrite(`a temporary folder in ${tmpdir()}`, error);
  });
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
