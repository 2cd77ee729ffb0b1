import { posix } from 'node:path';
import { isLibraryName } from '../elf/is-library-name.ts';
import type { Finding } from '../findings.ts';
import type { NativeLink } from '../types.ts';
import { resolveLink } from '../util/resolve-link.ts';

/**
 * Finds links that lead out of the artifact or run in circles, and those with the name of a library that lead to nothing.
 * Others that lead to nothing are common in installed packages, and do no harm. `paths` are those of all files and links.
 */
export function checkLinks(links: readonly NativeLink[], paths: readonly string[]): readonly Finding[] {
  const targets = new Map(links.map(({ path, target }) => [path, target]));
  const present = new Set(paths.flatMap(withFolders));
  return links.flatMap(({ path, target }): Finding[] => {
    const end = resolveLink(path, targets);
    if (end !== null) {
      if (present.has(end) || !isLibraryName(path)) return [];
      return [{ code: 'LINK_BROKEN', level: 'warning', path, target, reason: 'broken' }];
    }
    return [{ code: 'LINK_BROKEN', level: 'warning', path, target, reason: whyLost(path, targets) }];
  });
}

/** The path itself, and every folder that it lies in. */
function withFolders(path: string): readonly string[] {
  const segments = path.split('/');
  return segments.map((_, at) => segments.slice(0, at + 1).join('/'));
}

/** Goes from link to link, as far as that can be done by whole paths. */
function whyLost(path: string, targets: ReadonlyMap<string, string>): 'outside' | 'cycle' {
  const seen = new Set<string>();
  for (let at: string | undefined = path; at !== undefined && targets.has(at); ) {
    if (seen.has(at)) return 'cycle';
    seen.add(at);
    const next: string = posix.join(posix.dirname(at), targets.get(at) ?? '');
    at = (targets.get(at) ?? '').startsWith('/') || next.startsWith('..') ? undefined : next;
  }
  return 'outside';
}
