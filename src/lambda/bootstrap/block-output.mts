import process from 'node:process';

interface Handle {
  readonly setBlocking?: (isBlocking: boolean) => unknown;
}

/**
 * Makes all who print wait while the pipe is full, as on Lambda. Node.js opens its end so that it need not wait itself, and
 * with that the children that inherit it and `fs.writeSync` would fail then, and lose what they print.
 */
export function blockOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    (stream as { readonly _handle?: Handle } | undefined)?._handle?.setBlocking?.(true);
}
