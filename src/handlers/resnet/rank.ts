export interface Prediction {
  readonly label: string;
  /** Between 0 and 1, rounded to four decimals, so that all processors say the same. */
  readonly probability: number;
}

/** The `count` most probable labels, best first; equals keep the order of the labels. */
export function rank(scores: ArrayLike<number>, labels: readonly string[], count: number): Prediction[] {
  return labels
    .map((label, index) => ({ label, score: scores[index] ?? 0 }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ label, score }) => ({ label, probability: Math.round(score * 1e4) / 1e4 }));
}

/** Turns logits into probabilities; the largest is taken off first so that `exp` cannot overflow. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(logits);
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = values.map(value => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map(power => power / sum);
}
