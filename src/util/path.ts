import { sep } from 'node:path';
import { SlimError } from '../errors.ts';
import type { ArtifactPath } from '../types.ts';

/** Longest name a zip header can hold, in bytes of UTF-8. */
const MAX_NAME_BYTES = 65_535;

/** Checks a path for the inside of an artifact; throws `ARTIFACT_PATH` when it could leave it. */
export function toArtifactPath(rawPath: string): ArtifactPath {
  const path = toPosix(rawPath);
  const reason = path.includes('\\') ? 'it has a backslash, which unpacks as a folder' : whyRefused(path);
  if (reason) throw new SlimError('ARTIFACT_PATH', [rawPath, reason]);
  return path as ArtifactPath;
}

/** Says why a path may not be in an artifact, or null when it may. */
export function whyRefused(path: string): string | null {
  if (path === '') return 'it is empty';
  if (path.includes('\0')) return 'it has a NUL character';
  if (path.startsWith('/')) return 'it is absolute';
  if (/^[A-Za-z]:/.test(path)) return 'it starts with a drive letter';
  if (path.split('/').some(segment => segment === '' || segment === '.' || segment === '..')) {
    return 'it has an empty, "." or ".." segment';
  }
  if (Buffer.byteLength(path) > MAX_NAME_BYTES) return `its name is longer than ${MAX_NAME_BYTES} bytes`;
  return null;
}

/** Orders by UTF-16 code unit, which no locale changes. */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Turns a path of the host into one with forward slashes. Elsewhere than on Windows a backslash is part of a name. */
export function toPosix(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path;
}
