import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SlimError } from '../errors.ts';

/** Without a byte for so long, it cannot be had. */
const SILENCE_MS = 60_000;

/** Fetches into a file; false where it cannot be had. The URL may be a secret, so nothing of it is told. Throws `CANCELLED`. */
export async function fetchTo(url: string, path: string, outer: AbortSignal): Promise<boolean> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const signal = AbortSignal.any([outer, silence.signal]);
  const watch = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      timer.refresh();
      yield chunk;
    }
  };
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || response.body === null) return false;
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(path), { signal });
    return true;
  } catch {
    if (outer.aborted) throw new SlimError('CANCELLED', []);
    return false;
  } finally {
    clearTimeout(timer);
  }
}
