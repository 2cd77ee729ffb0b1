import { setTimeout as delay, setImmediate as nextRound } from 'node:timers/promises';

/** Characters that are kept of what one invocation printed. */
const KEPT = 1024 * 1024;
/** Characters of it that are passed on; who prints more than that floods. */
const PASSED_ON = 64 * 1024 * 1024;

/** Rounds of the event loop in which the rest of what was printed may come. */
const ROUNDS = 20;
const CONTAINER_PAUSE_MS = 20;

/** Takes what a function prints, keeps a bounded part of it, and passes it on. */
export interface LogBook {
  /** What the function printed. */
  add(text: string): void;
  /** Lines of Lambda's own. */
  tell(line: string): void;
  /** From here on it belongs to another invocation. */
  begin(): void;
  kept(): string;
  /** Waits for what was printed before now and is still on its way. */
  settle(isContainer: boolean): Promise<void>;
}

export function openLogBook(onLog: (text: string) => void): LogBook {
  let parts: string[] = [];
  let size = 0;
  let adds = 0;
  return {
    add(text) {
      adds++;
      const room = KEPT - size;
      if (room > 0) parts.push(text.slice(0, room));
      if (text.length > room && room > 0) parts.push(`\n[cut: only the first ${KEPT} characters are kept]\n`);
      const passing = PASSED_ON - size;
      size += text.length;
      if (passing > 0) onLog(text.slice(0, passing));
      if (text.length > passing && passing > 0)
        onLog(
          `\n[lambda-slim: the function prints more than ${PASSED_ON} characters; the rest is not shown]\n`,
        );
    },
    tell: onLog,
    begin() {
      parts = [];
      size = 0;
    },
    kept: () => parts.join(''),
    async settle(isContainer) {
      for (let round = 0; round < ROUNDS; round++) {
        const before = adds;
        if (isContainer) await delay(CONTAINER_PAUSE_MS);
        await nextRound();
        await nextRound();
        if (adds === before) return;
      }
    },
  };
}
