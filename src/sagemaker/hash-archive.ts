import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { SlimError } from '../errors.ts';
import { errnoOf } from '../util/fs.ts';

/** Bytes and SHA-256 (hex) of an archive that is there. Throws `INPUT_UNREADABLE`, `CANCELLED`. */
export async function hashArchive(
  path: string,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  try {
    const { size } = await stat(path);
    await pipeline(createReadStream(path), hash, { signal });
    return { bytes: size, sha256: hash.digest('hex') };
  } catch (error) {
    if (signal.aborted) throw new SlimError('CANCELLED', [], { cause: error });
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  }
}
