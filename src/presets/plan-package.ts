import type { RuleRef } from '../types.ts';
import {
  declaredVariables,
  expandGlob,
  namesPlatform,
  type PlatformWords,
  variablesOf,
} from './expand-glob.ts';
import { findKeeper } from './find-keeper.ts';
import { isCovered } from './is-covered.ts';
import { captureVariables, matchGlobs } from './match-glob.ts';
import type { Declared, KeepRule, Preset, Rule } from './schema.ts';
import { isSwitchedOn, type RuleSwitches } from './switches.ts';

/** A file of a package as rules see it: its path from the package's root. */
export interface PackageFile {
  readonly path: string;
  /** The static trace reaches it. */
  readonly reached: boolean;
  /** Who wants it whatever a rule says, such as an `include` of the user; null for most. */
  readonly pinnedBy: string | null;
}

export interface PlanOptions {
  readonly version: string;
  /** Those of the package, in the order in which they are credited. */
  readonly presets: readonly Preset[];
  readonly alwaysKeep: readonly KeepRule[];
  readonly switches: RuleSwitches;
  readonly platform: PlatformWords;
  readonly declared: Declared;
  /** Names of the packages that the function has at run time: those of the tree, and those that come from a layer. */
  readonly present: ReadonlySet<string>;
}

/** A rule that had files to take and held back, since the target's own are not there; `found` are platforms that are. */
export interface MissingTarget {
  readonly rule: string;
  readonly preset: Preset;
  readonly found: readonly string[];
}

export interface PackagePlan {
  /** The rule that takes a path; paths that are not in it stay. */
  readonly removals: ReadonlyMap<string, RuleRef>;
  /** What keeps a path that a rule would have taken. */
  readonly spared: ReadonlyMap<string, RuleRef>;
  readonly missing: readonly MissingTarget[];
}

interface Candidate {
  readonly ref: RuleRef;
  readonly rule: Rule;
  readonly preset: Preset;
  readonly victims: ReadonlySet<string>;
  readonly guards: readonly string[];
}

/** Decides which files of one package go. Keep beats remove, the first rule is credited, and nothing is touched. */
export function planPackage(files: readonly PackageFile[], options: PlanOptions): PackagePlan {
  const keptBy = findKeeper(options);
  const spared = new Map<string, RuleRef>();
  const candidates = options.presets.flatMap(preset =>
    preset.rules
      .filter(rule => isActive(rule, preset, options) && isReached(rule, files))
      .map(rule => findVictims(rule, preset, files, options, keptBy, spared)),
  );
  const { holding, removals } = settle(candidates, files);
  return { removals, spared, missing: holding.flatMap(candidate => describeMissing(candidate, files)) };
}

function isActive(rule: Rule, preset: Preset, options: PlanOptions): boolean {
  const { version, switches, declared, present } = options;
  const covered = isCovered(version, preset.versions, preset.ecosystem) || rule.when !== undefined;
  return (
    covered &&
    (rule.declared === undefined || Boolean(declared[rule.declared])) &&
    !rule.without?.some(name => present.has(name)) &&
    isCovered(version, rule.versions ?? '*', preset.ecosystem) &&
    isSwitchedOn(preset.name, rule.id, rule.risk, switches)
  );
}

function isReached({ reached }: Rule, files: readonly PackageFile[]): boolean {
  const reaches = (globs: readonly string[]): boolean => {
    const match = matchGlobs(globs);
    return files.some(file => file.reached && match(file.path));
  };
  const { some, none } = reached ?? {};
  return (!some || reaches(some)) && !(none && reaches(none));
}

function findVictims(
  rule: Rule,
  preset: Preset,
  files: readonly PackageFile[],
  { platform, declared }: PlanOptions,
  keptBy: (path: string) => RuleRef | null,
  spared: Map<string, RuleRef>,
): Candidate {
  const variables = { ...variablesOf(platform, preset.variables), ...declaredVariables(declared) };
  const match = matchGlobs(rule.remove.map(glob => expandGlob(glob, variables)));
  const isLeft = matchGlobs((rule.except ?? []).map(glob => expandGlob(glob, variables)));
  const victims = new Set<string>();
  for (const { path, reached, pinnedBy } of files) {
    if ((reached && !rule.overTrace) || !match(path) || isLeft(path)) continue;
    const asked = pinnedBy === null ? null : { id: pinnedBy, why: 'you asked for it' };
    const keep = asked ?? (rule.whole ? null : keptBy(path));
    if (keep) spared.set(path, keep);
    else victims.add(path);
  }
  const ref = { id: `${preset.name}/${rule.id}`, why: rule.why };
  return { ref, rule, preset, victims, guards: (rule.when ?? []).map(glob => expandGlob(glob, variables)) };
}

/** Holds back rules whose guard matches nothing that stays, until no other rule takes a guard away. */
function settle(candidates: readonly Candidate[], files: readonly PackageFile[]) {
  let acting = candidates;
  for (;;) {
    const removals = new Map<string, RuleRef>();
    for (const { victims, ref } of acting) {
      for (const path of victims) if (!removals.has(path)) removals.set(path, ref);
    }
    const staying = files.filter(({ path }) => !removals.has(path));
    const still = acting.filter(({ guards }) => {
      const match = matchGlobs(guards);
      return guards.length === 0 || staying.some(({ path }) => match(path));
    });
    if (still.length === acting.length) {
      return { removals, holding: candidates.filter(candidate => !still.includes(candidate)) };
    }
    acting = still;
  }
}

function describeMissing(
  { ref, rule, preset, victims }: Candidate,
  files: readonly PackageFile[],
): MissingTarget[] {
  const guards = (rule.when ?? []).filter(namesPlatform);
  if (guards.length === 0 || victims.size === 0) return [];
  const paths = files.map(({ path }) => path);
  return [{ rule: ref.id, preset, found: guards.flatMap(guard => captureVariables(guard, paths)).sort() }];
}
