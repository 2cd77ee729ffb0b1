import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { SlimError } from '../../errors.ts';
import { errnoOf } from '../../util/fs.ts';

/** A stretch of a file that is sent in one request. */
export interface FilePart {
  /** From 1, as S3 counts. */
  readonly number: number;
  readonly offset: number;
  readonly bytes: number;
  /** Base64. */
  readonly sha256: string;
}

export interface PartedFile {
  readonly path: string;
  readonly bytes: number;
  readonly parts: readonly FilePart[];
  /** Throws `PACKAGE_CHANGED` where the file does not have these bytes any more. */
  readonly read: (part: FilePart) => Promise<Buffer>;
}

export const PART_BYTES = 8 * 1024 * 1024;
/** "Amazon S3 multipart upload limits": 10,000 parts an upload. */
const MAX_PARTS = 10_000;

/**
 * Opens a file for `use` and lays it out in parts of 8 MiB, or larger ones where 10,000 of these do not hold it. It is read
 * once before, so that what is sent under the name of `sha256` (hex) has this digest: `PACKAGE_CHANGED` where it has another.
 */
export async function withFileParts<T>(
  path: string,
  sha256: string,
  use: (file: PartedFile) => Promise<T>,
): Promise<T> {
  const handle = await open(path).catch((error: unknown) => {
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  });
  try {
    const { size } = await handle.stat();
    const { parts, digest } = await measure(handle, size, partBytesOf(size));
    if (digest !== sha256) throw new SlimError('PACKAGE_CHANGED', [path]);
    const read = async (part: FilePart): Promise<Buffer> => {
      const bytes = await readInto(Buffer.allocUnsafe(part.bytes), handle, part.offset);
      if (toDigest(bytes) !== part.sha256) throw new SlimError('PACKAGE_CHANGED', [path]);
      return bytes;
    };
    return await use({ path, bytes: size, parts, read });
  } finally {
    await handle.close();
  }
}

/** Bytes of each part but the last: whole MiB. */
export function partBytesOf(fileBytes: number): number {
  const mebibyte = 1024 * 1024;
  return Math.max(PART_BYTES, Math.ceil(fileBytes / MAX_PARTS / mebibyte) * mebibyte);
}

async function measure(
  handle: FileHandle,
  size: number,
  partBytes: number,
): Promise<{ readonly parts: readonly FilePart[]; readonly digest: string }> {
  const whole = createHash('sha256');
  const parts: FilePart[] = [];
  const room = Buffer.allocUnsafe(Math.min(partBytes, size));
  for (let offset = 0; offset < size || parts.length === 0; offset += partBytes) {
    const bytes = await readInto(room.subarray(0, Math.min(partBytes, size - offset)), handle, offset);
    whole.update(bytes);
    parts.push({ number: parts.length + 1, offset, bytes: bytes.length, sha256: toDigest(bytes) });
  }
  return { parts, digest: whole.digest('hex') };
}

/** Fills `room`; a file that became shorter leaves some of it out, which its digest then tells. */
async function readInto(room: Buffer, handle: FileHandle, offset: number): Promise<Buffer> {
  let filled = 0;
  while (filled < room.length) {
    const { bytesRead } = await handle.read(room, filled, room.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return room.subarray(0, filled);
}

function toDigest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
