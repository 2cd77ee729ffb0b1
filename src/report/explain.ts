import { labelOf, makeOwnerFinder } from '../presets/owners.ts';
import type { BuildResult, Entry, Origin, Removal, RuleRef } from '../types.ts';
import { bytesOf } from '../util/entry-bytes.ts';
import { findNearest } from '../util/nearest.ts';
import { findChain } from './find-chain.ts';
import { findMatches } from './find-matches.ts';
import { noteNative } from './note-native.ts';

/** A file on the way from what was asked about to the handler, with its reason to be here. */
export interface ChainStep {
  readonly path: string;
  readonly because: string;
}

/** Why a path is in the artifact or is not; `bytes` are uncompressed. */
export type Explanation =
  | {
      readonly kind: 'kept';
      readonly path: string;
      readonly bytes: number;
      readonly package: string | null;
      readonly origin: Origin['kind'];
      /** What was done to the file, in words. */
      readonly notes: readonly string[];
      readonly chain: readonly ChainStep[];
    }
  | {
      readonly kind: 'removed';
      readonly path: string;
      readonly bytes: number;
      readonly package: string | null;
      readonly rule: RuleRef;
      /** How to keep it: a value for `setting`, and the rule for "rules.disable" where a preset decided. */
      readonly setting: 'keep' | 'native.compress.except';
      readonly keep: string;
      readonly disable: string | null;
      readonly chain: readonly ChainStep[];
    }
  | { readonly kind: 'several'; readonly path: string; readonly matches: readonly string[] }
  | { readonly kind: 'unknown'; readonly path: string; readonly nearest: readonly string[] };

const MOST_MATCHES = 20;

/** Answers `why`: `path` is a path in the artifact, its end, a package, or part of a file's name. */
export function explainPath(rawPath: string, result: BuildResult): Explanation {
  const path = rawPath.replaceAll('\\', '/').replace(/^(\.?\/)+/, '');
  const { entries, removals } = result.tree;
  const all = [...entries.map(entry => entry.path as string), ...removals.map(removal => removal.path)];
  const matches = findMatches(path, result.tree);
  const [match] = matches;
  if (match === undefined) return { kind: 'unknown', path, nearest: findNearPaths(path, all) };
  if (matches.length > 1) return { kind: 'several', path, matches: matches.slice(0, MOST_MATCHES) };
  const entry = entries.find(candidate => candidate.path === match);
  if (entry) return explainEntry(entry, result);
  const removal = removals.find(candidate => candidate.path === match);
  return removal ? explainRemoval(removal, result) : { kind: 'unknown', path, nearest: [] };
}

function explainEntry(entry: Entry, result: BuildResult): Explanation {
  const owner = makeOwnerFinder(result.tree.packages)(entry.path);
  return {
    kind: 'kept',
    path: entry.path,
    bytes: bytesOf(entry),
    package: owner ? labelOf(owner) : null,
    origin: entry.origin.kind,
    notes: noteNative(entry, result),
    chain: findChain(entry.path, result.tree),
  };
}

function explainRemoval(removal: Removal, result: BuildResult): Explanation {
  const owner = makeOwnerFinder(result.tree.packages)(removal.path);
  return {
    kind: 'removed',
    path: removal.path,
    bytes: removal.bytes,
    package: removal.package ?? (owner ? labelOf(owner) : null),
    rule: removal.rule,
    setting: removal.rule.id.startsWith('native/') ? 'native.compress.except' : 'keep',
    keep: removal.path,
    disable: /^(?:collect|exact|native)\//.test(removal.rule.id) ? null : removal.rule.id,
    chain: (removal.parents ?? []).slice(0, 1).flatMap(parent => findChain(parent, result.tree)),
  };
}

/** Misspelt file names are looked for among file names, since whole paths differ in too much else. */
function findNearPaths(path: string, all: readonly string[]): readonly string[] {
  const near = findNearest(path, all, 3);
  if (near.length > 0) return near;
  const byName = new Map(all.map(candidate => [baseName(candidate), candidate]));
  return findNearest(baseName(path), [...byName.keys()], 3).flatMap(name => byName.get(name) ?? []);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
