import { posix } from 'node:path';
import { SlimError } from '../errors.ts';
import type { Entry } from '../types.ts';
import { compareCodeUnits, whyRefused } from '../util/path.ts';
import { resolveLink } from '../util/resolve-link.ts';
import { ZIP64_COUNT, ZIP64_SIZE } from './zip-format.ts';

/** The entries in the order of the zip; throws when a plain zip cannot hold them, or a reader could not unpack them. */
export function checkEntries(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length >= ZIP64_COUNT) {
    throw new SlimError('ZIP_TOO_LARGE', [`${entries.length} entries`, `${ZIP64_COUNT - 1} entries`]);
  }
  const paths = new Set<string>();
  for (const entry of entries) {
    checkPath(entry.path);
    if (paths.has(entry.path)) throw new SlimError('DUPLICATE_PATH', [entry.path]);
    paths.add(entry.path);
    if (entry.kind === 'file' && entry.bytes >= ZIP64_SIZE) {
      throw new SlimError('ZIP_TOO_LARGE', [`${entry.path} has ${entry.bytes} bytes`, '4 GiB']);
    }
  }
  for (const { path } of entries) checkParents(path, paths);
  checkLinks(entries);
  return [...entries].sort((a, b) => compareCodeUnits(a.path, b.path));
}

function checkPath(path: string): void {
  const reason = whyRefused(path) ?? (isUnicode(path) ? null : 'it is not valid Unicode');
  if (reason) throw new SlimError('ARTIFACT_PATH', [path, reason]);
}

/** Half a surrogate pair has no UTF-8, so it would come out as another name. */
function isUnicode(path: string): boolean {
  return Buffer.from(path).toString() === path;
}

/** A path cannot be a file or a link and a folder too. */
function checkParents(path: string, paths: ReadonlySet<string>): void {
  for (let parent = posix.dirname(path); parent !== '.'; parent = posix.dirname(parent)) {
    if (paths.has(parent)) {
      throw new SlimError('ARTIFACT_PATH', [path, `${JSON.stringify(parent)} is a file or a link too`]);
    }
  }
}

function checkLinks(entries: readonly Entry[]): void {
  const links = new Map<string, string>();
  for (const entry of entries) if (entry.kind === 'link') links.set(entry.path, entry.target);
  for (const [path, target] of links) {
    if (resolveLink(path, links) === null) {
      throw new SlimError('ARTIFACT_PATH', [
        path,
        `it is a link to ${JSON.stringify(target)}, outside of the artifact`,
      ]);
    }
  }
}
