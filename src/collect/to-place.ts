import { relative } from 'node:path';
import { toPosix } from '../util/path.ts';

/** A path as a person knows it: relative to the first of the folders that holds it, so that no report names the machine. */
export function toPlace(path: string, folders: readonly string[]): string {
  const inside = folders
    .map(folder => toPosix(relative(folder, path)))
    .find(place => !place.startsWith('..'));
  return inside ?? path;
}
