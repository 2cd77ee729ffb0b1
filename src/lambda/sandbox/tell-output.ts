import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** How long we wait for the rest of what was printed, ms: a process that cannot be found may hold the pipe open. */
const DRAIN_MS = 1000;

/**
 * Tells what a process and its children print, as it comes: nothing of it is kept here. Gives what waits for the rest of it and
 * closes the pipes.
 */
export function tellOutput(
  child: ChildProcess,
  onLog: (text: string) => void,
  streams: readonly (Readable | null)[] = [child.stdout, child.stderr],
): () => Promise<void> {
  const closed = new Promise<void>(resolve =>
    child.once('close', () => resolve()).once('error', () => resolve()),
  );
  // A decoder of its own for each, since a character may be cut in two.
  for (const stream of streams) stream?.setEncoding('utf8').on('data', onLog);
  return async () => {
    await Promise.race([closed, delay(DRAIN_MS, undefined, { ref: false })]);
    for (const stream of child.stdio) stream?.destroy();
  };
}
