/** Gives the results of `task` in the order of the items, while it already works on the next `ahead` of them. */
export async function* prefetch<T, R>(
  items: readonly T[],
  ahead: number,
  task: (item: T) => Promise<R>,
): AsyncGenerator<readonly [T, R]> {
  const started: Promise<R>[] = [];
  try {
    for (const [index, item] of items.entries()) {
      for (const next of items.slice(index + started.length, index + ahead)) started.push(start(task, next));
      yield [item, await (started.shift() as Promise<R>)];
    }
  } finally {
    await Promise.allSettled(started);
  }
}

/** A failure is met when its turn comes, not before. */
function start<T, R>(task: (item: T) => Promise<R>, item: T): Promise<R> {
  const promise = task(item);
  promise.catch(() => {});
  return promise;
}
