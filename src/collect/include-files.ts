import { isAbsolute, join } from 'node:path';
import fastGlob, { type Entry as FoundEntry } from 'fast-glob';
import { SlimError } from '../errors.ts';
import type { Finding } from '../findings.ts';
import type { Entry, ResolvedFunction } from '../types.ts';
import { exists } from '../util/fs.ts';
import { compareCodeUnits } from '../util/path.ts';
import { isShadowing } from './is-shadowing.ts';
import { statFile } from './list-files.ts';
import { toCopiedEntries } from './to-entry.ts';

/** Never meant by a pattern, however wide it is. */
const NEVER = ['**/node_modules/**', '**/.git/**', '**/lambda-slim-out/**'];

export interface IncludeRules {
  /** True for a path in the artifact that nothing may be included at. */
  readonly isTaken: (path: string) => boolean;
  /** Globs of files that a pattern never means. */
  readonly ignoreFor: (pattern: string) => readonly string[];
}

/** For a bundle: no file that Lambda would take for it. */
export function besideBundle(bundlePath: string): IncludeRules {
  return { isTaken: path => isShadowing(path, bundlePath), ignoreFor: () => [] };
}

/** The files that the user's `include` patterns name, below the function's root. */
export async function includeFiles(
  fn: ResolvedFunction,
  base: string,
  { isTaken, ignoreFor }: IncludeRules,
): Promise<{ readonly entries: readonly Entry[]; readonly findings: readonly Finding[] }> {
  const entries = new Map<string, Entry>();
  const findings: Finding[] = [];
  for (const pattern of fn.include) {
    const refused = pattern === '' ? 'it is empty' : isAbsolute(pattern) ? 'it is absolute' : null;
    if (refused) throw new SlimError('ARTIFACT_PATH', [pattern, refused]);
    const found = await fastGlob(pattern, {
      cwd: fn.root,
      dot: true,
      onlyFiles: false,
      followSymbolicLinks: false,
      ignore: [...NEVER, ...ignoreFor(pattern)],
      objectMode: true,
    });
    // A named pipe or a device would be waited for, for good.
    const isData = (entry: FoundEntry): boolean => entry.dirent.isFile() || entry.dirent.isSymbolicLink();
    const files = found.filter(isData).map(({ path }) => path);
    if (files.length === 0) findings.push({ code: 'INCLUDE_MATCHED_NOTHING', level: 'warning', pattern });
    for (const path of files.sort(compareCodeUnits)) {
      if (path.includes('\uFFFD') && !(await exists(join(fn.root, path)))) {
        findings.push({ code: 'NAME_NOT_UTF8', level: 'warning', path });
        continue;
      }
      for (const made of await toCopiedEntries(await statFile(join(fn.root, path)), base, {
        kind: 'include',
        pattern,
      })) {
        if ('kind' in made && isTaken(made.path)) continue;
        if ('kind' in made) entries.set(made.path, entries.get(made.path) ?? made);
        else findings.push(made);
      }
    }
  }
  return { entries: [...entries.values()], findings };
}
