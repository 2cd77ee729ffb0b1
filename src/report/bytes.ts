const KIB = 1024;
const MIB = 1024 * KIB;

/** Bytes for people, in MiB because AWS's limits are MiB: `67.2 MiB`, `12.5 KiB`, `310 B`. */
export function formatBytes(bytes: number): string {
  if (Math.abs(bytes) >= 0.1 * MIB) return `${formatNumber(bytes / MIB)} MiB`;
  if (Math.abs(bytes) >= KIB) return `${formatNumber(bytes / KIB)} KiB`;
  return `${bytes} B`;
}

/** Two sizes to compare; where both would read alike although they differ, exact bytes. */
export function formatBytesPair(a: number, b: number): readonly [string, string] {
  const pair = [formatBytes(a), formatBytes(b)] as const;
  return a !== b && pair[0] === pair[1] ? [formatExactBytes(a), formatExactBytes(b)] : pair;
}

/** `52,428,800 B`. */
export function formatExactBytes(bytes: number): string {
  return `${formatCount(bytes)} B`;
}

/** `1,234`; commas on every host. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 file`, `2 files`. */
export function formatPlural(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** One decimal, but whole numbers without it. */
function formatNumber(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
