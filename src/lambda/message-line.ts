import type { Readable, Writable } from 'node:stream';

/** Sends a message as one line of JSON; done when it is on its way. */
export function sendMessage(stream: Writable, message: object): Promise<void> {
  return new Promise(resolve => stream.write(`${JSON.stringify(message)}\n`, () => resolve()));
}

/** Tells each message that comes in, one line of JSON each; a line that is none is passed over. */
export function readMessages<T>(stream: Readable, onMessage: (message: T) => void): void {
  let parts: string[] = [];
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const [first = '', ...rest] = chunk.split('\n');
    parts.push(first);
    for (const next of rest) {
      const message = parseMessage(parts.join(''));
      parts = [next];
      if (message !== null) onMessage(message as T);
    }
  });
}

function parseMessage(line: string): object | null {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' ? message : null;
  } catch {
    return null;
  }
}
