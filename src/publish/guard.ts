/** Lets what must not be left half-done finish after Ctrl-C, within its own bounds. */
export interface Guard {
  /** Aborted with the outer signal; while something is guarded, only after it. */
  readonly signal: AbortSignal;
  /** Whether somebody wants it to end. */
  isAsked(): boolean;
  /** Runs `work` to its end, also when it is asked to stop meanwhile. */
  protect<T>(work: () => Promise<T>): Promise<T>;
  /** Lets go of the outer signal. */
  close(): void;
}

/** Makes the guard of one run; `outer` is what Ctrl-C aborts, and `onWait` is told when something has to be finished first. */
export function makeGuard(outer: AbortSignal, onWait: () => void): Guard {
  const inner = new AbortController();
  let depth = 0;
  const pass = (): void => {
    if (depth === 0 && outer.aborted) inner.abort(outer.reason);
  };
  const stop = (): void => {
    if (depth > 0) onWait();
    pass();
  };
  outer.addEventListener('abort', stop);
  pass();
  return {
    signal: inner.signal,
    isAsked: () => outer.aborted,
    async protect(work) {
      depth++;
      try {
        return await work();
      } finally {
        depth--;
        pass();
      }
    },
    close: () => outer.removeEventListener('abort', stop),
  };
}
