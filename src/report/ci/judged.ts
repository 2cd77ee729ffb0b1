import { basename } from 'node:path';
import type { Finding, FindingLevel } from '../../findings.ts';
import type { Growth } from '../../inventory/types.ts';
import type { BuildResult } from '../../types.ts';
import { sumBytes } from '../../util/entry-bytes.ts';
import type { CheckedOutput, CheckReport } from '../reporter.ts';

/** What CI hears of one function; sizes are bytes. */
export interface Judged {
  readonly name: string;
  /** Absolute; null for a plan. */
  readonly path: string | null;
  readonly runtime: string | null;
  readonly arch: string | null;
  readonly zippedBytes: number | null;
  /** Layers counted in; null where no code was found. */
  readonly unzippedBytes: number | null;
  /** Null where there was no baseline. */
  readonly growth: Growth | null;
  readonly findings: readonly Finding[];
}

/** A build or a plan, for CI. */
export function judgeBuild({ name, platform, artifact, tree, findings }: BuildResult): Judged {
  return {
    name,
    path: artifact?.path ?? null,
    runtime: platform.runtime.id,
    arch: platform.arch,
    zippedBytes: artifact?.zippedBytes ?? null,
    unzippedBytes: artifact?.unzippedBytes ?? sumBytes(tree.entries),
    growth: null,
    findings,
  };
}

/** What `check` found out, for CI. */
export function judgeCheck(report: CheckReport): Judged {
  const { name, runtime, arch, artifact, layers, growth, findings } = report;
  return {
    name: name ?? basename(artifact.path).replace(/\.zip$/, ''),
    path: artifact.path,
    runtime,
    arch,
    zippedBytes: artifact.zippedBytes,
    unzippedBytes: [artifact, ...layers].reduce((sum, part) => sum + part.unzippedBytes, 0),
    growth: growth ?? null,
    findings,
  };
}

/** All functions of an output folder, and the folder itself where something is to be said of it. */
export function judgeOutput({ path, functions, findings }: CheckedOutput): readonly Judged[] {
  const judged = functions.map(judgeCheck);
  if (findings.length === 0) return judged;
  const sizes = { zippedBytes: null, unzippedBytes: null, growth: null };
  return [...judged, { name: basename(path), path, runtime: null, arch: null, ...sizes, findings }];
}

export const LEVELS: readonly FindingLevel[] = ['error', 'warning', 'info'];

/** A finding and whose it is. */
export interface Told {
  readonly of: Judged;
  readonly finding: Finding;
}

/** The findings of all functions, errors first. */
export function sortFindings(judged: readonly Judged[]): readonly Told[] {
  return LEVELS.flatMap(level =>
    judged.flatMap(of =>
      of.findings.filter(finding => finding.level === level).map(finding => ({ of, finding })),
    ),
  );
}

const NOUNS: Readonly<Record<FindingLevel, readonly [string, string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
};

/** `1 error, 2 warnings`; `nothing to complain about`. */
export function countFindings(judged: readonly Judged[]): string {
  const counts = LEVELS.flatMap(level => {
    const count = judged
      .flatMap(({ findings }) => findings)
      .filter(finding => finding.level === level).length;
    return count === 0 ? [] : [`${count} ${NOUNS[level][count === 1 ? 0 : 1]}`];
  });
  return counts.join(', ') || 'nothing to complain about';
}

/** The first thing that a finding is about: a path, a package, a budget; empty where it is about the whole. */
export function subjectOf(finding: Finding): string {
  const facts = finding as Readonly<Record<string, unknown>>;
  const [first] = [facts.path, facts.paths, facts.package, facts.packages, facts.budget, facts.setting]
    .map(fact => (Array.isArray(fact) ? fact[0] : fact))
    .filter(fact => typeof fact === 'string');
  return first ?? '';
}
