import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open as openFile, rename, rm, writeFile } from 'node:fs/promises';

/** Opens what lies behind an address as a stream of bytes, or throws. */
export type OpenUrl = (url: URL) => Promise<AsyncIterable<Uint8Array>>;

/** Reads a small text; null as sha256 takes it as it is. */
export async function readVerified(
  source: AsyncIterable<Uint8Array>,
  sha256: string | null,
  maxBytes: number,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bounded(source, maxBytes)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (sha256 !== null) compare(createHash('sha256').update(bytes).digest('hex'), sha256, 'model.json');
  return bytes.toString('utf8');
}

/** Downloads a file unless it is there; its name never holds anything but verified bytes. */
export async function saveVerified(
  open: () => Promise<AsyncIterable<Uint8Array>>,
  path: string,
  sha256: string,
  maxBytes: number,
): Promise<void> {
  if ((await hashFile(path)) === sha256) return;
  const temporary = `${path}.${randomUUID()}.partial`;
  try {
    const hash = createHash('sha256');
    const source = hashed(bounded(await open(), maxBytes), hash);
    // A stream may still be about to make the file when its source has failed, and so after it was removed.
    const file = await openFile(temporary, 'wx');
    await writeFile(file, source).finally(() => file.close());
    compare(hash.digest('hex'), sha256, 'The model');
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A sandbox that was started anew still has its /tmp. */
async function hashFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    return hash.digest('hex');
  } catch {
    return null;
  }
}

async function* bounded(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`The download is larger than ${maxBytes} bytes.`);
    yield chunk;
  }
}

async function* hashed(
  source: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

function compare(found: string, expected: string, what: string): void {
  if (found !== expected) throw new Error(`${what} has the sha256 ${found}, expected ${expected}.`);
}
