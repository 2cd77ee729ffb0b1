import { Readable } from 'node:stream';

/** Gives the pieces of an answer; ends it where none comes for `silenceMs`, or `signal` says so. How long they are worked on does not count. */
export async function* readBody(
  body: unknown,
  silenceMs: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Readable)) throw new Error('The answer has no body');
  const stop = (): void => void body.destroy(toError(signal.reason));
  const listen = (): NodeJS.Timeout =>
    setTimeout(() => body.destroy(new Error(`nothing came for ${silenceMs} ms`)), silenceMs);
  signal.addEventListener('abort', stop, { once: true });
  let timer = listen();
  try {
    signal.throwIfAborted();
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      yield piece;
      timer = listen();
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    body.destroy();
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
