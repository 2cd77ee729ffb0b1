import type { Call } from '../types.ts';
import { invalid } from './refusals.ts';

/** A page of a list from its `Marker` on, and the marker of the next one; `most` items, or fewer where the caller wants so. */
export function toPage<T>(
  items: readonly T[],
  { query, operation }: Call,
  most: number,
): readonly [page: readonly T[], next: string | undefined] {
  const marker = query.get('Marker');
  const from = marker === null ? 0 : fromMarker(marker, operation);
  const count = Math.min(most, Number(query.get('MaxItems') ?? 50));
  const end = from + count;
  return [items.slice(from, end), end < items.length ? toMarker(end, operation) : undefined];
}

/** Only who made a marker can read it. */
function toMarker(from: number, operation: string): string {
  return Buffer.from(JSON.stringify([operation, from])).toString('base64');
}

function fromMarker(marker: string, operation: string): number {
  try {
    const [made, from] = JSON.parse(Buffer.from(marker, 'base64').toString()) as [string, number];
    if (made === operation) return from;
  } catch {}
  throw invalid('[stub] the Marker is not of this list');
}
