import type { Sized } from '../../src/layers/complete-bin.ts';

export interface Planting {
  readonly bins: number;
  readonly capacity: number;
  /** Bytes that stay free in each bin. */
  readonly free: number;
  /** Pieces that each bin is cut into, at most. */
  readonly pieces: number;
  /** How sizes spread. */
  readonly spread: Spread;
}

/** Weights of pieces of one bin: alike, of all sizes, few large and many small. */
export const SPREADS = {
  alike: random => 1 + random() * 0.05,
  even: random => random() + 0.01,
  skewed: random => Math.exp(4 * (random() + random() - 1)),
  heavy: random => 1 / (random() + 0.001),
} as const satisfies Readonly<Record<string, (random: () => number) => number>>;

export type Spread = keyof typeof SPREADS;

/** Full bins cut into pieces, which are then shuffled: a set for which there is a way. The same seed gives the same set. */
export function plantBins(seed: number, planting: Planting): readonly Sized[] {
  const random = seeded(seed);
  const items: Sized[] = [];
  for (let bin = 0; bin < planting.bins; bin++) items.push(...cutBin(planting, random));
  return shuffled(items, random);
}

function cutBin({ capacity, free, pieces, spread }: Planting, random: () => number): readonly Sized[] {
  const count = 1 + Math.floor(random() * pieces);
  const weights = Array.from({ length: count }, () => SPREADS[spread](random));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sizes = weights.map(weight => Math.max(1, Math.floor((weight / total) * (capacity - free - count))));
  const rest = capacity - free - sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size, index) => ({ zippedBytes: index === 0 ? size + rest : size }));
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map(item => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Numbers from 0 to 1, the same for the same seed (a linear congruential generator). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
