import { satisfies, valid } from 'semver';

/** True when a version lies in a range; pre-releases count as the version they lead to, and no version lies only in `*`. */
export function isCovered(version: string, range: string): boolean {
  if (range === '*') return true;
  return valid(version) !== null && satisfies(version, range, { includePrerelease: true });
}
