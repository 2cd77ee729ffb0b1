import type { LocalFunction } from '../lambda/types.ts';

/** Sandboxes that take one invocation each at a time; who comes while all are busy waits for a turn. */
export interface FunctionPool {
  run<T>(use: (fn: LocalFunction) => Promise<T>): Promise<T>;
}

/** Lends out functions, the one that was used last first, so that few requests keep to the warm ones. */
export function makePool(functions: readonly LocalFunction[]): FunctionPool {
  const idle = [...functions];
  const waiting: ((fn: LocalFunction) => void)[] = [];
  const borrow = (): Promise<LocalFunction> =>
    new Promise(resolve => {
      const fn = idle.pop();
      if (fn) resolve(fn);
      else waiting.push(resolve);
    });
  return {
    async run(use) {
      const fn = await borrow();
      try {
        return await use(fn);
      } finally {
        const next = waiting.shift();
        if (next) next(fn);
        else idle.push(fn);
      }
    },
  };
}
