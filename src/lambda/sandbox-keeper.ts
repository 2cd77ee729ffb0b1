import type { LiveSandbox } from './live-sandbox.ts';
import type { SandboxExit } from './types.ts';

/** Holds the one sandbox of a function from its start to its end. */
export interface SandboxKeeper {
  current(): LiveSandbox | null;
  keep(live: LiveSandbox): void;
  /** Remembers an init that no invocation has been told of yet, ms, and gives what was remembered. */
  swapInit(ms: number | null): number | null;
  /** While the sandbox works, its end is for others to tell; what is left of it afterwards is not. */
  setBusy(isBusy: boolean): void;
  /** Ends the sandbox, if there is one. */
  drop(): Promise<void>;
}

/** `onLost` is told when a sandbox ends while it has nothing to do; it is dropped by then. */
export function openSandboxKeeper(onLost: (exit: SandboxExit) => void): SandboxKeeper {
  let live: LiveSandbox | null = null;
  let isBusy = false;
  let noted: number | null = null;
  let lost: SandboxExit | null = null;
  let dropped: Promise<void> = Promise.resolve();
  const drop = (): Promise<void> => {
    const old = live;
    live = null;
    noted = null;
    if (old) dropped = Promise.all([dropped.catch(() => {}), old.stop()]).then(() => {});
    return dropped;
  };
  const checkLost = (): void => {
    if (lost === null || isBusy || live === null) return;
    onLost(lost);
    drop().catch(() => {});
  };
  return {
    current: () => live,
    keep(opened) {
      live = opened;
      lost = null;
      void opened.sandbox.exited.then(exit => {
        if (live === opened) lost = exit;
        checkLost();
      });
    },
    swapInit(ms) {
      const before = noted;
      noted = ms;
      return before;
    },
    setBusy(next) {
      isBusy = next;
      checkLost();
    },
    drop,
  };
}
