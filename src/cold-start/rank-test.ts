/**
 * How likely two samples that differ this much are where nothing differs: the Mann-Whitney U test, two-sided and exact.
 * It compares ranks, so one slow outlier counts no more than it should, and times need not be normally distributed.
 * Ours, because it is short, and the statistics packages of npm have it only as an approximation for large samples.
 */
export function compareRanks(a: readonly number[], b: readonly number[]): number {
  const ranks = rankTwice([...a, ...b]);
  const sum = ranks.slice(0, a.length).reduce((total, rank) => total + rank, 0);
  const ways = countSums(ranks, a.length);
  const middle = a.length * (ranks.length + 1);
  const distance = Math.abs(sum - middle);
  let [all, extreme] = [0, 0];
  ways.forEach((count, at) => {
    all += count;
    if (Math.abs(at - middle) >= distance) extreme += count;
  });
  return all === 0 ? 1 : extreme / all;
}

/** Ranks from 1, doubled, since equal values share a rank that may end in a half. */
function rankTwice(values: readonly number[]): readonly number[] {
  const sorted = values.toSorted((x, y) => x - y);
  return values.map(value => sorted.indexOf(value) + sorted.lastIndexOf(value) + 2);
}

/** In how many ways `size` of the ranks give each sum; index is the sum. */
function countSums(ranks: readonly number[], size: number): Float64Array {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(total + 1));
  (ways[0] as Float64Array)[0] = 1;
  let reach = 0;
  ranks.forEach((rank, i) => {
    reach += rank;
    for (let taken = Math.min(size, i + 1); taken > 0; taken--) {
      const [from, to] = [ways[taken - 1] as Float64Array, ways[taken] as Float64Array];
      for (let sum = reach; sum >= rank; sum--) to[sum] = (to[sum] as number) + (from[sum - rank] as number);
    }
  });
  return ways[size] as Float64Array;
}
