import { limits } from '../platform/limits.ts';
import type { BuildResult } from '../types.ts';
import { sumBytes } from '../util/entry-bytes.ts';
import { formatBytes, formatBytesPair, formatPlural } from './bytes.ts';
import { formatBar } from './format-bar.ts';
import { formatBytecode } from './format-bytecode.ts';
import { formatEfs } from './format-efs.ts';
import { formatExact } from './format-exact.ts';
import { formatFindings } from './format-findings.ts';
import { formatNative } from './format-native.ts';
import { formatRemovals } from './format-removals.ts';
import { formatVerify } from './format-verify.ts';
import { groupKept } from './group-kept.ts';
import { formatTable, joinLines, shorten } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

const LARGEST = 5;

export interface TextOptions {
  /** Lists each removed path, and every rule instead of the five largest. */
  readonly files: boolean;
}

/** The summary of a build: sizes by stage, what stayed and what went, the limits, the findings, the artifact. */
export function formatBuild(result: BuildResult, style: Style): string {
  const title = 'Largest removals, by rule';
  return joinLines([
    ...formatHead(result, style),
    ...formatStages(result, style),
    ...formatKept(result, style),
    ...formatRemovals(result.tree.removals, { title, most: LARGEST, paths: false }, style),
    ...formatLimits(result, style),
    ...formatExact(result.exact, style),
    ...formatNative(result, style),
    ...formatCompileCache(result, style),
    ...formatBytecode(result, style),
    ...formatVerification(result, style),
    ...formatFindings(result.findings, style),
    ...formatArtifact(result, style),
    ...formatEfs(result, style),
  ]);
}

/** What a build would do: everything that would go, by rule. */
export function formatPlan(result: BuildResult, options: TextOptions, style: Style): string {
  const title = 'Would be removed, by rule';
  return joinLines([
    ...formatHead(result, style),
    ...formatStages(result, style),
    ...formatKept(result, style),
    ...formatRemovals(
      result.tree.removals,
      { title, most: Number.POSITIVE_INFINITY, paths: options.files },
      style,
    ),
    ...formatLimits(result, style),
    ...formatExact(result.exact, style),
    ...formatNative(result, style),
    ...formatBytecode(result, style),
    ...formatEfs(result, style),
    ...formatFindings(result.findings, style),
  ]);
}

function formatHead(result: BuildResult, { colors }: Style): readonly string[] {
  const { runtime, arch } = result.platform;
  return [`${colors.bold(printable(result.name))}  ${runtime.id}, ${arch}`];
}

function formatStages(result: BuildResult, { colors }: Style): readonly string[] {
  const rows = result.stages.map(({ stage, bytes, files }, i) => {
    const before = result.stages[i - 1]?.bytes;
    const [from, to] = before === undefined ? ['', formatBytes(bytes)] : formatBytesPair(before, bytes);
    return [stage, from, to, formatPlural(files, 'file')];
  });
  if (rows.length === 0) return [];
  const table = formatTable([['stage', 'before', 'after', ''], ...rows], [false, true, true, true]);
  return ['', colors.dim(table[0] ?? ''), ...table.slice(1)];
}

function formatKept(result: BuildResult, style: Style): readonly string[] {
  const rows = groupKept(result)
    .slice(0, LARGEST)
    .map(({ name, bytes, compressedBytes, files }) => [
      formatBytes(bytes),
      ...(result.artifact
        ? [compressedBytes === null ? 'in the bundle' : `${formatBytes(compressedBytes)} zipped`]
        : []),
      formatPlural(files, 'file'),
      shorten(printable(name), style.columns - 44),
    ]);
  const right = result.artifact ? [true, true, true, false] : [true, true, false];
  return ['', style.colors.bold('Largest that stayed'), ...formatTable(rows, right)];
}

/** What the compile cache costs in bytes and saves in time, as measured on this machine. */
function formatCompileCache({ compileCache }: BuildResult, { colors }: Style): readonly string[] {
  if (!compileCache) return [];
  const { bytes, importMsBefore, importMsAfter, runs, nodeVersion } = compileCache;
  const times = `${importMsBefore.toFixed(1)} ms without it, ${importMsAfter.toFixed(1)} ms with it`;
  return [
    '',
    colors.bold('Compile cache'),
    `  costs ${formatBytes(bytes)} unzipped; made and read by Node.js ${nodeVersion}`,
    `  importing the handler took ${times} (medians of ${runs})`,
  ];
}

function formatVerification({ verification }: BuildResult, { colors }: Style): readonly string[] {
  if (!verification) return [];
  const verdict = verification.same ? colors.green('same answers') : colors.red('different');
  const lines = formatVerify(verification).map(line => `  ${line}`);
  return ['', `${colors.bold('Verification')}  ${verdict}`, ...lines];
}

/** A plan compresses nothing, so it knows one of the two sizes only. */
function formatLimits({ artifact, tree, efs }: BuildResult, style: Style): readonly string[] {
  const planned = sumBytes(tree.entries) - (efs?.bytes ?? 0);
  const zipped = artifact ? [formatBar('zipped', artifact.zippedBytes, limits.zippedBytes, style)] : [];
  const unzipped = formatBar('unzipped', artifact?.unzippedBytes ?? planned, limits.unzippedBytes, style);
  return ['', style.colors.bold('Limits of Lambda'), ...zipped, unzipped];
}

function formatArtifact(result: BuildResult, { colors }: Style): readonly string[] {
  const { artifact } = result;
  if (!artifact) return [];
  const state = result.upToDate ? 'unchanged since the last build' : 'written';
  return [
    '',
    `${colors.bold('Artifact')}  ${state}`,
    ...formatTable(
      [
        ['path', printable(artifact.path)],
        ['size', `${formatBytes(artifact.zippedBytes)} in ${formatPlural(artifact.files, 'file')}`],
        ['CodeSha256', artifact.codeSha256],
        ['Handler', printable(result.handler)],
      ],
      [false, false],
    ),
  ];
}
