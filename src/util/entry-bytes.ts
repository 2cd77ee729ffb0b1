import type { Entry } from '../types.ts';

/** What an entry unpacks to, bytes; a link has none. */
export function bytesOf(entry: Entry): number {
  return entry.kind === 'file' ? entry.bytes : 0;
}

/** What entries unpack to together, bytes. */
export function sumBytes(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
}
