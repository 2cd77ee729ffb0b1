import process from 'node:process';
import { Writable } from 'node:stream';

// Functions replace the method of their streams.
const { write } = Writable.prototype;

/** Waits until what was printed has left this process: more than a pipe holds waits here while the handler computes. */
export async function flushOutput(): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(flush));
}

function flush(stream: NodeJS.WriteStream | undefined): Promise<void> | undefined {
  if (!stream?.writableLength) return undefined;
  return new Promise(resolve => write.call(stream, '', 'utf8', () => resolve()));
}
