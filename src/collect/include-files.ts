import { isAbsolute, join } from 'node:path';
import fastGlob, { type Entry as FoundEntry } from 'fast-glob';
import { SlimError } from '../errors.ts';
import type { Finding } from '../findings.ts';
import type { Entry, ResolvedFunction } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';
import { isShadowing } from './is-shadowing.ts';
import { statFile } from './list-files.ts';
import { toCopiedEntries } from './to-entry.ts';

/** Never meant by a pattern, however wide it is. */
const NEVER = ['**/node_modules/**', '**/.git/**', '**/lambda-slim-out/**'];

/** The files that the user's `include` patterns name, below the function's root; never one that Lambda would take for the bundle. */
export async function includeFiles(
  fn: ResolvedFunction,
  base: string,
  bundlePath: string,
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
      ignore: NEVER,
      objectMode: true,
    });
    // A named pipe or a device would be waited for, for good.
    const isData = (entry: FoundEntry): boolean => entry.dirent.isFile() || entry.dirent.isSymbolicLink();
    const files = found.filter(isData).map(({ path }) => path);
    if (files.length === 0) findings.push({ code: 'INCLUDE_MATCHED_NOTHING', level: 'warning', pattern });
    for (const path of files.sort(compareCodeUnits)) {
      for (const made of await toCopiedEntries(await statFile(join(fn.root, path)), base, {
        kind: 'include',
        pattern,
      })) {
        if ('kind' in made && isShadowing(made.path, bundlePath)) continue;
        if ('kind' in made) entries.set(made.path, entries.get(made.path) ?? made);
        else findings.push(made);
      }
    }
  }
  return { entries: [...entries.values()], findings };
}
