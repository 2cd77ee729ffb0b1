/** Orders dotted numbers such as `2.9` and `2.28`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Splits `GLIBC_2.28` into its kind and number; null for a version that has none, such as `GLIBC_PRIVATE`. */
export function parseSymbolVersion(
  version: string,
): { readonly kind: string; readonly number: string } | null {
  // Marks of the linker, not symbols: packed relocations came with 2.36.
  if (version === 'GLIBC_ABI_DT_RELR') return { kind: 'GLIBC', number: '2.36' };
  const match = /^([A-Z]+)_(\d+(?:\.\d+)*)$/.exec(version);
  return match ? { kind: match[1] as string, number: match[2] as string } : null;
}

/** The highest number of a kind among symbol versions, or null. */
export function newestOf(kind: string, versions: readonly string[]): string | null {
  let newest: string | null = null;
  for (const version of versions) {
    const parsed = parseSymbolVersion(version);
    if (parsed?.kind !== kind) continue;
    if (newest === null || compareVersions(parsed.number, newest) > 0) newest = parsed.number;
  }
  return newest;
}
