import type { Removal } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';

/** What one rule removed; `bytes` is their sum. */
export interface RemovalGroup {
  readonly rule: string;
  readonly why: string;
  readonly bytes: number;
  readonly files: number;
  readonly paths: readonly string[];
}

/** Removals by rule, the largest first. */
export function groupRemovals(removals: readonly Removal[]): readonly RemovalGroup[] {
  const groups = new Map<string, { why: string; bytes: number; paths: string[] }>();
  for (const { rule, path, bytes } of removals) {
    const group = groups.get(rule.id) ?? { why: rule.why, bytes: 0, paths: [] };
    group.bytes += bytes;
    group.paths.push(path);
    groups.set(rule.id, group);
  }
  return [...groups]
    .map(([rule, { why, bytes, paths }]) => ({
      rule,
      why,
      bytes,
      files: paths.length,
      paths: paths.sort(compareCodeUnits),
    }))
    .sort((a, b) => b.bytes - a.bytes || compareCodeUnits(a.rule, b.rule));
}
