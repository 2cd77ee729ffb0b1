import { type Match, matchGlobs } from '../presets/match-glob.ts';
import type { Entry } from '../types.ts';

/** Says who wants an entry whatever a rule says; null for what packages brought. */
export type PinnedBy = (entry: Entry) => string | null;

/** The user's keep globs are over paths of the artifact, and beat everything; so does whatever no package brought. */
export function pinnedBy(keep: readonly string[]): PinnedBy {
  const matchers: readonly (readonly [string, Match])[] = keep.map(glob => [glob, matchGlobs([glob])]);
  return ({ path, origin }) => {
    const kept = matchers.find(([, match]) => match(path));
    if (kept) return `keep ${kept[0]}`;
    if (origin.kind === 'package' || origin.kind === 'traced') return null;
    return origin.kind === 'include' ? `include ${origin.pattern}` : origin.kind;
  };
}
