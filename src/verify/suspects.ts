import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Removal, RuleRef } from '../types.ts';
import { diffFolders, listPaths } from './diff-folders.ts';
import type { Suspect } from './find-guilty.ts';

/** What is known of how an artifact came about: by its build, or by the manifest beside it. */
export interface BuildFacts {
  readonly removals: readonly Pick<Removal, 'path' | 'rule'>[];
  /** Such as a `NativeReport`. */
  readonly native: {
    readonly files: readonly (Pathed & { readonly outcome: string })[];
    readonly shared: readonly Pathed[];
    readonly compressed: { readonly files: readonly Pathed[] } | null;
  };
}

interface Pathed {
  readonly path: string;
}

const STRIPPED: RuleRef = { id: 'native/strip', why: 'symbols and debug data do not run' };
const SHARED: RuleRef = { id: 'native/shared', why: 'a file with the same bytes is there already' };
const COMPRESSED: RuleRef = { id: 'native/compressed', why: 'it is inflated into /tmp at run time' };
const EMPTIED: RuleRef = {
  id: 'exact/not-needed',
  why: 'the recorded run only looked at it, so it is there without its content',
};
const UNTRACED: RuleRef = { id: 'collect/untraced', why: 'no code that was traced reads it' };

/**
 * What the slim folder lacks of the original's or has changed. Where it is known how it was built, each with its rule; else with the
 * package as its rule.
 */
export async function findSuspects(
  original: string,
  slim: string,
  facts: BuildFacts | null,
): Promise<readonly Suspect[]> {
  const slimStems = new Set([...(await listPaths(slim))].map(stemOf));
  const found = (await diffFolders(original, slim)).filter(suspect => !replacesCode(suspect, slimStems));
  if (facts === null) return found;
  const rules = rulesOf(facts);
  const suspects: Suspect[] = [];
  for (const { path, kind } of found) {
    // Code of the user's own that changed was compiled into the bundle; it cannot be put back by itself.
    const rule =
      rules.get(path) ??
      (kind === 'removed' ? UNTRACED : (await lstat(join(slim, path))).size === 0 ? EMPTIED : null);
    if (rule) suspects.push({ path, kind, rule });
  }
  return suspects;
}

const CODE = /\.[mc]?js$/;

/** True for what would not come back beside the bundle, but run in its place: `index.js` for `index.mjs`, or the package.json of both. */
function replacesCode({ path, kind }: Suspect, slimStems: ReadonlySet<string>): boolean {
  if (kind === 'changed' || path.includes('node_modules/')) return false;
  return path === 'package.json' || (CODE.test(path) && slimStems.has(stemOf(path)));
}

function stemOf(path: string): string {
  return path.replace(CODE, '');
}

/** The rule of each path; of several things done to a file, the last one is what it is now. */
function rulesOf({ removals, native }: BuildFacts): ReadonlyMap<string, RuleRef> {
  return new Map([
    ...removals.map(({ path, rule }) => [path, rule] as const),
    ...native.files.flatMap(({ path, outcome }) =>
      outcome === 'stripped' ? [[path, STRIPPED] as const] : [],
    ),
    ...native.shared.map(({ path }) => [path, SHARED] as const),
    ...(native.compressed?.files ?? []).map(({ path }) => [path, COMPRESSED] as const),
  ]);
}
