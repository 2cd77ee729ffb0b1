/** Bounds a search: how often, and until when, something may be tried. */
export interface Budget {
  /** Takes one try; false when none is left. */
  take(): boolean;
}

export interface Minimal<T> {
  readonly items: readonly T[];
  /** True where it was shown that the test fails without any one of the items; false where the budget ended before. */
  readonly isMinimal: boolean;
}

type Test<T> = (items: readonly T[]) => Promise<boolean>;

class Spent extends Error {}

/**
 * Delta debugging: a part of `items` that passes `test`, and fails it without any one of its items. All of `items` are known to pass,
 * and none of them to fail. Takes about `k log2 n` tests for `k` items of `n`; no set is tested twice.
 */
export async function findMinimal<T>(
  items: readonly T[],
  test: Test<T>,
  budget: Budget,
): Promise<Minimal<T>> {
  const best = { items };
  const passes = rememberTests(items, test, budget, best);
  try {
    await dropEach(await bisect(items, passes), passes);
    return { items: best.items, isMinimal: true };
  } catch (error) {
    if (!(error instanceof Spent)) throw error;
    return { items: best.items, isMinimal: false };
  }
}

/**
 * The shortest beginning of the list that passes ends with an item that is needed; that item is set aside, and the rest searched in the
 * same way until those set aside pass alone. What they pass together with always passes, whether or not more items do better.
 */
async function bisect<T>(items: readonly T[], passes: Test<T>): Promise<readonly T[]> {
  let needed: readonly T[] = [];
  let rest = items;
  while (rest.length > 0 && !(await passes(needed))) {
    const count = await shortestPassing(rest, needed, passes);
    needed = [...rest.slice(count - 1, count), ...needed];
    rest = rest.slice(0, count - 1);
  }
  return needed;
}

/** Needed items lie together most often, so behind the first one the next is looked for at its side. */
async function shortestPassing<T>(
  rest: readonly T[],
  needed: readonly T[],
  passes: Test<T>,
): Promise<number> {
  let [low, high] = [0, rest.length];
  let middle = needed.length > 0 ? high - 1 : high >> 1;
  while (high - low > 1) {
    if (await passes([...rest.slice(0, middle), ...needed])) high = middle;
    else low = middle;
    middle = (low + high) >> 1;
  }
  return high;
}

/** Where fewer items do better than more, bisection leaves some that are not needed. */
async function dropEach<T>(items: readonly T[], passes: Test<T>): Promise<void> {
  let left = items;
  for (const item of items) {
    const without = left.filter(other => other !== item);
    if (await passes(without)) left = without;
  }
}

function rememberTests<T>(
  items: readonly T[],
  test: Test<T>,
  budget: Budget,
  best: { items: readonly T[] },
): Test<T> {
  const indexes = new Map(items.map((item, index) => [item, index]));
  const known = new Map<string, boolean>([
    ['', false],
    [items.map((_, index) => index).join(), true],
  ]);
  return async part => {
    const key = part.map(item => indexes.get(item)).join();
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    if (!budget.take()) throw new Spent();
    const passed = await test(part);
    known.set(key, passed);
    if (passed && part.length < best.items.length) best.items = part;
    return passed;
  };
}
