/** A counted lock: at most so many holders at a time, served in the order in which they asked. */
export interface Permits {
  acquire(): Promise<void>;
  release(): void;
}

/** Makes a lock for `count` holders; it bounds how many blocks are in memory. */
export function makePermits(count: number): Permits {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    acquire: async () => {
      if (free > 0) free--;
      else await new Promise<void>(resolve => waiting.push(resolve));
    },
    release: () => {
      const next = waiting.shift();
      if (next) next();
      else free++;
    },
  };
}
