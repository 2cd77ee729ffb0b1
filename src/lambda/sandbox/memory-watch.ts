/** Pause between two looks, ms; longer where a look takes long, so that looking costs at most a twentieth of a core. */
const PAUSE_MS = 25;
const COST_FACTOR = 20;

export interface MemoryWatch {
  /** The highest sum seen so far, bytes; null where nothing could be seen. */
  peak(): number | null;
  /** Looks once more, now. */
  look(): Promise<void>;
  stop(): void;
}

export interface MemoryWatchOptions {
  /** Memory of all processes together, bytes; where it is no more than what was `seen` already, any number up to that. */
  readonly measure: (seen: number) => number | Promise<number>;
  readonly limitBytes: number;
  /** Called once, when the memory is above the limit. */
  readonly onExceeded: () => void;
}

/** Looks at the memory of a sandbox every few milliseconds. */
export function watchMemory({ measure, limitBytes, onExceeded }: MemoryWatchOptions): MemoryWatch {
  let peak: number | null = null;
  let stopped = false;
  let exceeded = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const bytes = await measure(peak ?? 0);
    if (bytes > 0) peak = Math.max(peak ?? 0, bytes);
    if (bytes <= limitBytes || exceeded || stopped) return;
    exceeded = true;
    onExceeded();
  };
  const round = async (): Promise<void> => {
    const started = performance.now();
    // A look that fails, as when all has ended, is no reason to fail.
    await look().catch(() => {});
    if (!stopped)
      timer = setTimeout(round, Math.max(PAUSE_MS, COST_FACTOR * (performance.now() - started))).unref();
  };
  void round();
  return {
    peak: () => peak,
    look: () => look().catch(() => {}),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
