import type { Finding } from '../findings.ts';
import { escapeGlob } from '../presets/escape-glob.ts';
import { readMissed } from './read-missed.ts';

/** What a function fetched from the second artifact, by its logs, since it was taken out of the first. */
export function findMissed(logs: string): readonly Finding[] {
  const paths = readMissed(logs);
  if (paths.length === 0) return [];
  const mend = { setting: 'keep', add: paths.map(escapeGlob) };
  return [{ code: 'FALLBACK_USED', level: 'warning', paths, mend }];
}
