import { satisfies, valid } from 'semver';
import { fitsSpecifiers, isVersion } from '../python/versions.ts';
import type { Ecosystem } from '../types.ts';

/**
 * True when a version lies in a range, as its registry writes both: semver for npm, PEP 440 for PyPI. Pre-releases of npm count as the
 * version they lead to, and no version lies only in `*`.
 */
export function isCovered(version: string, range: string, ecosystem: Ecosystem): boolean {
  if (range === '*') return true;
  if (ecosystem === 'pypi') return isVersion(version) && fitsSpecifiers(version, range);
  return valid(version) !== null && satisfies(version, range, { includePrerelease: true });
}
