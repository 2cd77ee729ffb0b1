import { join } from 'node:path';
import { chunkKey, manifestKey, POINTER_KEY } from './bundle/keys.ts';
import { writeBundle } from './bundle/write-bundle.ts';
import { checkGlobs } from './efs/check-globs.ts';
import { type EfsSplit, splitForEfs } from './efs/split-for-efs.ts';
import { isOwnGroup, splitTree } from './efs/split-tree.ts';
import { matchGlobs } from './presets/match-glob.ts';
import type {
  BuildResult,
  Context,
  EfsOwnFiles,
  EfsReport,
  ResolvedFunction,
  Timing,
  Tree,
} from './types.ts';
import { bytesOf, sumBytes } from './util/entry-bytes.ts';
import { compareCodeUnits } from './util/path.ts';
import { timed } from './util/timed.ts';

/** A result that knows what its zip will hold, and what lies beside it. */
export interface Parted {
  readonly result: BuildResult;
  /** What is archived. */
  readonly zip: Tree;
  readonly bundle: EfsSplit['bundle'];
}

/** What a plan can say of the target: how much stays in the zip. */
export function planParts(result: BuildResult, { efs, platform }: ResolvedFunction): BuildResult {
  if (!efs) return result;
  const rules = { language: platform.runtime.language, isWanted: matchGlobs(efs.files) };
  const { zip, bundle } = splitTree(result.tree, rules);
  return withReport(result, { zip: { ...result.tree, entries: zip }, bundle }, efs);
}

/** Parts the tree as the target asks; for a zip it stays whole. */
export async function partTree(result: BuildResult, fn: ResolvedFunction): Promise<Parted> {
  if (!fn.efs) return { result, zip: result.tree, bundle: [] };
  const split = await splitForEfs(result.tree, result.handler, fn.platform, fn.efs);
  return { ...split, result: withReport(result, split, fn.efs) };
}

function withReport(
  result: BuildResult,
  { zip, bundle }: EfsSplit,
  { store, environment, off, files }: NonNullable<ResolvedFunction['efs']>,
): BuildResult {
  const found = checkGlobs(files, result.tree, result.handler, bundle);
  const bytes = bundle.reduce((sum, { entry }) => sum + bytesOf(entry), 0);
  const named = Object.entries(environment).filter(([, value]) => value.includes('{root}'));
  const report = { files: bundle.length, bytes, store, environment: Object.fromEntries(named), off };
  const efs: EfsReport = { ...report, own: sumOwn(bundle), bundle: null };
  const all = new Map(
    [...bundle.map(({ entry }) => entry), ...zip.entries].map(entry => [entry.path, entry]),
  );
  const entries = [...all.values()].sort((a, b) => compareCodeUnits(a.path, b.path));
  const stage = { stage: 'efs', bytes: sumBytes(zip.entries), files: zip.entries.length } as const;
  return {
    ...result,
    efs,
    tree: { ...result.tree, entries },
    stages: [...result.stages, stage],
    findings: [...result.findings, ...found],
  };
}

function sumOwn(bundle: EfsSplit['bundle']): readonly EfsOwnFiles[] {
  const sums = new Map<string, EfsOwnFiles>();
  for (const { entry, group } of bundle) {
    if (!isOwnGroup(group)) continue;
    const path = group.replace(/^\.\//, '');
    const { files, bytes } = sums.get(path) ?? { files: 0, bytes: 0 };
    sums.set(path, { path, files: files + 1, bytes: bytes + bytesOf(entry) });
  }
  return [...sums.values()].sort((a, b) => compareCodeUnits(a.path, b.path));
}

/** Where the bundle of an artifact lies: `function.zip` has `function.bundle`. */
export function bundlePathOf(outFile: string): string {
  return `${outFile.replace(/\.zip$/, '')}.bundle`;
}

/** Writes the bundle beside the zip; `outputs` are its files. Without one, nothing changes. */
export async function archiveBundle(
  { result, bundle }: Parted,
  outFile: string,
  { signal, progress }: Context,
): Promise<{ readonly result: BuildResult; readonly outputs: readonly string[] }> {
  const { efs } = result;
  if (!efs) return { result, outputs: [] };
  const path = bundlePathOf(outFile);
  progress.start('bundle', efs.bytes);
  const { value, timing } = await timed('efs', () =>
    writeBundle(bundle, path, { name: result.name, signal, onBytes: bytes => progress.tick(bytes) }),
  );
  progress.done();
  const { release, manifest, compressedBytes } = value;
  const chunks = new Set(manifest.chunks.map(chunkKey));
  const outputs = [POINTER_KEY, manifestKey(release), ...chunks].map(key => join(path, key));
  const written = { path, release, chunks: chunks.size, compressedBytes };
  const timings: readonly Timing[] = [...result.timings, timing];
  return { result: { ...result, efs: { ...efs, bundle: written }, timings }, outputs };
}
