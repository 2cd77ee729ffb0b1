import { posix } from 'node:path';
import { SlimError } from '../errors.ts';
import { readTexts } from '../zip/read-texts.ts';
import type { ZipEntry } from '../zip/read-zip.ts';
import type { Unit } from './find-units.ts';

/** Targets of links are paths. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Refuses links from one side of the split to the other: all layers lie under `/opt`, so links within them still lead to the same
 * file, and so do those within the function. Throws `LAYERS_UNSUITED`.
 */
export async function refuseLinks(
  zip: string,
  entries: readonly ZipEntry[],
  units: readonly Unit[],
  signal: AbortSignal,
): Promise<void> {
  const places = findPlaces(entries, units);
  const links = await readTexts(zip, ({ kind }) => kind === 'link', { maxBytes: MAX_BYTES, signal });
  for (const [path, text] of links) {
    if (posix.isAbsolute(text)) continue;
    const target = posix.join(posix.dirname(path), text).replace(/\/$/, '');
    const place = places.get(target);
    if (place !== undefined && place !== places.get(path))
      throw new SlimError('LAYERS_UNSUITED', [
        `the link ${path} leads to ${target}, which would not lie beside it`,
      ]);
  }
}

/** How far from its old place each path lies, and each folder: what goes before the path; null for what stays or is mixed. */
function findPlaces(
  entries: readonly ZipEntry[],
  units: readonly Unit[],
): ReadonlyMap<string, string | null> {
  const moved = new Map(units.flatMap(({ picks }) => picks.map(({ entry, path }) => [entry, path])));
  const places = new Map<string, string | null>();
  for (const entry of entries) {
    if (entry.kind === 'folder') continue;
    const target = moved.get(entry);
    const place = target === undefined ? null : `/opt/${target.slice(0, -entry.path.length)}`;
    places.set(entry.path, place);
    for (let dir = posix.dirname(entry.path); dir !== '.'; dir = posix.dirname(dir))
      places.set(dir, places.has(dir) && places.get(dir) !== place ? null : place);
  }
  return places;
}
