import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { SlimError } from '../errors.ts';
import { explainStart } from './explain-start.ts';
import type { Image } from './find-image.ts';
import type { Engine } from './types.ts';

const MAX_REASON = 2000;
const READY = 'lambda-slim is ready';

/** What the first process of a container does: it ends, and all others with it, when we do. */
export const GUARD = ['-c', `echo ${READY}; read -r _`, 'sh'] as const;

/**
 * Starts a container whose first process is `GUARD`, and waits until it runs. Throws `CANCELLED`, `CONTAINER_EMULATION_MISSING`,
 * `CONTAINER_TOOL_MISSING`, and what the engine throws.
 */
export async function startGuard(
  engine: Engine,
  name: string,
  image: Image,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(engine.name, ['start', '--attach', '--interactive', name], {
    env: { ...engine.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C is for us; the container is ended in order.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const stop = (): void => void child.kill();
  signal.addEventListener('abort', stop, { once: true });
  const { isReady, words } = await waitUntilReady(child);
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw new SlimError('CANCELLED', []);
  if (!isReady) throw explainStart(engine, image, words);
}

function waitUntilReady(
  child: ChildProcessWithoutNullStreams,
): Promise<{ readonly isReady: boolean; readonly words: string }> {
  let words = '';
  // It ends when the container does, which reads nothing.
  child.stdin.on('error', () => {});
  return new Promise(resolve => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', text => {
        words = `${words}${text}`.slice(-MAX_REASON);
        if (words.includes(READY)) resolve({ isReady: true, words });
      });
    for (const event of ['error', 'close'])
      child.once(event, () => resolve({ isReady: false, words: words.trim() }));
  });
}
