import type { Finding } from '../findings.ts';
import { compareCodeUnits } from '../util/path.ts';

const MAX_SHOWN = 5;

/**
 * Finds paths that only Linux keeps apart, and files that others lie in as in a folder. `paths` are those of all files and
 * links of one artifact.
 */
export function checkNames(paths: Iterable<string>): readonly Finding[] {
  const all = [...paths];
  const files = new Set(all);
  const spellings = new Map<string, Set<string>>();
  const split = new Set<string>();
  for (const path of all) {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const part = path.slice(0, end);
      if (end < path.length && files.has(part)) split.add(part);
      const folded = part.toLowerCase();
      const known = spellings.get(folded);
      if (known?.has(part)) break;
      if (known) known.add(part);
      else spellings.set(folded, new Set([part]));
    }
  }
  return [...findAlike([...spellings.values()]), ...[...split].map(toFinding)];
}

/** The topmost ones: what lies in two folders of one name differs as well. */
function findAlike(spellings: readonly ReadonlySet<string>[]): readonly Finding[] {
  const pairs = spellings
    .filter(set => set.size > 1)
    .map(set => [...set].sort(compareCodeUnits))
    .filter(names => new Set(names.map(name => name.slice(0, name.lastIndexOf('/') + 1))).size < names.length)
    .map(names => names.join(' and '))
    .sort(compareCodeUnits);
  if (pairs.length === 0) return [];
  return [{ code: 'CASE_COLLISION', level: 'info', paths: pairs.slice(0, MAX_SHOWN), count: pairs.length }];
}

function toFinding(path: string): Finding {
  const reason = 'it is a file, and other entries lie in it as in a folder';
  return { code: 'ENTRY_UNREADABLE', level: 'error', path, reason };
}
