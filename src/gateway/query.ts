/**
 * The values of each key, decoded as forms are: `+` is a space, bytes that are no UTF-8 become U+FFFD, a `%` that begins
 * no sequence stays. Keys keep their order.
 */
export function groupQuery(query: string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(query)) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

/** Percent-decodes a path in the same way; `+` stays, as it means nothing in a path. */
export function decodePath(path: string): string {
  const bytes = Buffer.from(path, 'utf8').toString('latin1');
  const decoded = bytes.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1').toString('utf8');
}
