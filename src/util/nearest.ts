import { distance } from 'fastest-levenshtein';
import { compareCodeUnits } from './path.ts';

/** Candidates that look like a misspelling of `word`, the likeliest first, at most `limit`. */
export function findNearest(word: string, candidates: readonly string[], limit = 1): readonly string[] {
  return candidates
    .map(candidate => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(
      ({ candidate, edits }) =>
        edits <= Math.max(2, Math.ceil(Math.max(word.length, candidate.length) * 0.4)),
    )
    .sort((a, b) => a.edits - b.edits || compareCodeUnits(a.candidate, b.candidate))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}
