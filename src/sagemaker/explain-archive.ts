import { stat } from 'node:fs/promises';
import { errnoOf, orNull } from '../util/fs.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
  Z_BUF_ERROR: 'it ends too early',
  Z_DATA_ERROR: 'it is damaged',
};

/** Why an archive could not be read, in words in place of zlib's codes. */
export async function explainArchive(path: string, error: unknown): Promise<string> {
  const code = errnoOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (text === 'incorrect header check') return 'gzip did not compress it';
  if (code === 'Z_BUF_ERROR' && (await orNull(stat(path)))?.size === 0) return 'it is empty';
  return code === undefined ? text : (WORDS[code] ?? code);
}
