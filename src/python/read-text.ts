import { readFile } from 'node:fs/promises';
import { SlimError } from '../errors.ts';
import { errnoOf } from '../util/fs.ts';

/** What stands at the start of a file in an encoding (RFC 3629, RFC 2781). */
const MARKS: readonly (readonly [mark: readonly number[], decode: (bytes: Buffer) => string])[] = [
  [[0xef, 0xbb, 0xbf], bytes => bytes.toString('utf8')],
  [[0xff, 0xfe], bytes => bytes.toString('utf16le')],
  [[0xfe, 0xff], bytes => swapPairs(bytes).toString('utf16le')],
];

/**
 * Reads a file that a person wrote: UTF-8, or UTF-16 with its mark, as PowerShell writes what is piped into one. Null where there is
 * no such file. Throws `DEPENDENCY_FILE_INVALID`, `INPUT_UNREADABLE`.
 */
export async function readText(path: string): Promise<string | null> {
  const bytes = await readBytes(path);
  if (bytes === null) return null;
  for (const [mark, decode] of MARKS) {
    const isMarked = mark.every((byte, index) => bytes[index] === byte);
    if (isMarked) return decode(bytes.subarray(mark.length));
  }
  if (bytes.includes(0))
    throw new SlimError('DEPENDENCY_FILE_INVALID', [path, 'it is no text in UTF-8; save it as such']);
  return bytes.toString('utf8');
}

async function readBytes(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = errnoOf(error) ?? String(error);
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(reason)) return null;
    throw new SlimError('INPUT_UNREADABLE', [path, reason], { cause: error });
  }
}

function swapPairs(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}
