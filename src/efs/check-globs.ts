import { SlimError } from '../errors.ts';
import type { Finding } from '../findings.ts';
import { matchGlobs } from '../presets/match-glob.ts';
import type { Tree } from '../types.ts';
import type { Grouped } from './split-tree.ts';

/**
 * What is to be told of the globs of own files: those that brought nothing into the bundle. Throws `EFS_UNSUITED` where one names the
 * handler's own file; one with a wildcard only passes it by.
 */
export function checkGlobs(
  globs: readonly string[],
  { entries }: Tree,
  handler: string,
  bundle: readonly Grouped[],
): readonly Finding[] {
  return globs.flatMap((pattern): Finding[] => {
    const isNamed = matchGlobs([pattern]);
    if (bundle.some(({ entry }) => isNamed(entry.path))) return [];
    const stays = entries.filter(({ path }) => isNamed(path));
    const own = stays.find(({ path, origin }) => origin.kind === 'entry' && path === plain(pattern));
    if (own)
      throw new SlimError('EFS_UNSUITED', [handler, `"publish.efs.files" names its own file, ${own.path}`]);
    const paths = stays.slice(0, MOST_SHOWN).map(({ path }) => path);
    return [{ code: 'EFS_FILES_NOTHING', level: 'warning', pattern, stays: paths, count: stays.length }];
  });
}

function plain(pattern: string): string {
  return pattern.replace(/^\.\//, '');
}

/** Paths that a finding names. */
const MOST_SHOWN = 3;
