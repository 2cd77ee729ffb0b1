import { type Sized, sumOf } from './complete-bin.ts';

/** Of more different sizes than these the bound is only looked for at the smallest; it is a bound all the same. */
const MOST_SIZES = 300;

/**
 * A number of bins that is certainly needed: the bound L2 of Martello and Toth, "Lower bounds and reduction procedures for the bin
 * packing problem" (1990). Items over half a bin never share one; it counts what the others need beside them.
 */
export function boundBins(items: readonly Sized[], capacity: number): number {
  const half = capacity / 2;
  const large = items.filter(({ zippedBytes }) => zippedBytes > half);
  const small = items.filter(({ zippedBytes }) => zippedBytes <= half);
  const sizes = new Set(small.map(({ zippedBytes }) => zippedBytes));
  const least = sizes.size > MOST_SIZES ? [0] : [0, ...sizes];
  const bounds = least.map(bytes => {
    const shared = large.filter(({ zippedBytes }) => zippedBytes <= capacity - bytes);
    const beside = shared.length * capacity - sumOf(shared);
    const rest = sumOf(small.filter(({ zippedBytes }) => zippedBytes >= bytes)) - beside;
    return large.length + Math.max(0, Math.ceil(rest / capacity));
  });
  return Math.max(...bounds);
}
