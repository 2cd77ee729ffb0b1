import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { errnoOf } from '../util/fs.ts';
import type { Io } from './io.ts';

/**
 * The event that `--event` means: JSON itself, `-` for what comes in on stdin, else a file; `{}` without it.
 * Throws `INPUT_UNREADABLE`, `EVENT_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export async function readEvent(event: string | undefined, io: Io): Promise<string> {
  if (event === undefined) return '{}';
  // What an unset variable of a script gives.
  if (event.trim() === '') throw new SlimError('EVENT_INVALID', ['after --event', 'it is empty']);
  const isInline = /^\s*[[{"]/.test(event);
  const name = isInline ? 'after --event' : event === '-' ? 'on stdin' : resolve(io.cwd, event);
  const content = isInline ? event : event === '-' ? await readStdin(io) : await readText(name);
  try {
    JSON.parse(content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SlimError('EVENT_INVALID', [name, reason], { cause: error });
  }
  const bytes = Buffer.byteLength(content);
  if (bytes > limits.eventBytes)
    throw new SlimError('PAYLOAD_TOO_LARGE', ['The event', bytes, limits.eventBytes]);
  return content;
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  });
  // It would become another text without a word.
  if (!isUtf8(bytes)) throw new SlimError('EVENT_INVALID', [path, 'its text is not in UTF-8']);
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** Whoever stops us stops the waiting as well. */
async function readStdin({ signal }: Io): Promise<string> {
  const { stdin } = process;
  const stop = (): void => void stdin.destroy(new SlimError('CANCELLED', []));
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await text(stdin);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
