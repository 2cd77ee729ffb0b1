import { archiveZip } from './archive/archive-zip.ts';
import { type BuiltResult, manifestPathOf, writeManifest } from './archive/manifest.ts';
import { check } from './check/check.ts';
import { collect } from './collect/collect.ts';
import { buildKey, recallBuild, rememberBuild } from './freshness/remembered-build.ts';
import { hintsOf } from './presets/hints-of.ts';
import { loadPresets } from './presets/load.ts';
import { prune } from './prune/prune.ts';
import type {
  Artifact,
  BuildResult,
  Context,
  ResolvedFunction,
  StageName,
  StageSize,
  Timing,
  Tree,
} from './types.ts';
import { readOwnManifest } from './util/own-manifest.ts';

/** A result without an artifact, and the files that it was made from. */
interface Planned {
  readonly result: BuildResult;
  readonly inputs: readonly string[];
}

/** Decides what would be in the artifact and why everything else would not, and writes nothing. */
export async function planFunction(fn: ResolvedFunction, context: Context): Promise<BuildResult> {
  return withFindings((await plan(fn, context)).result);
}

/**
 * Builds a function into the zip `outFile`, with its manifest beside it. Where nothing changed since the artifact that
 * lies there was built, that one is the result.
 */
export async function buildFunction(
  fn: ResolvedFunction,
  outFile: string,
  context: Context,
): Promise<BuildResult> {
  const startedMs = Date.now();
  const { cacheDir } = context;
  const { version } = readOwnManifest();
  const key = buildKey([version, fn, outFile]);
  const recalled = cacheDir === null ? null : await recallBuild(cacheDir, key);
  if (recalled) return recalled;

  const planned = await plan(fn, context);
  const archived = await timed('archive', () => archive(planned.result.tree, fn, outFile, context));
  const built = withFindings(withArtifact(planned.result, archived.value, archived.timing));
  const manifestFile = manifestPathOf(outFile);
  await writeManifest(manifestFile, built, { name: 'lambda-slim', version });
  if (cacheDir !== null) {
    const outputs = [outFile, manifestFile];
    await rememberBuild(cacheDir, key, { result: built, inputs: planned.inputs, outputs, startedMs });
  }
  return built;
}

async function plan(fn: ResolvedFunction, context: Context): Promise<Planned> {
  const library = await loadPresets({ userPaths: fn.presets });
  const collected = await timed('collect', () =>
    collect(fn, manifest => hintsOf(library.presets, manifest), context),
  );
  const { tree, handler, installed, inputs } = collected.value;
  const switches = { level: fn.level, ...fn.rules };
  const pruned = await timed('prune', async () =>
    prune(tree, { library, keep: fn.keep, ...switches }, fn.platform),
  );
  const result: BuildResult = {
    name: fn.name,
    handler,
    platform: fn.platform,
    artifact: null,
    tree: pruned.value.tree,
    stages: [installed, sizeOf('collect', tree), sizeOf('prune', pruned.value.tree)],
    findings: [...collected.value.findings, ...pruned.value.findings],
    timings: [collected.timing, pruned.timing],
    upToDate: false,
  };
  return { result, inputs: [...inputs, ...fn.presets] };
}

function archive(tree: Tree, fn: ResolvedFunction, outPath: string, context: Context): Promise<Artifact> {
  return archiveZip(tree, { outPath, level: fn.compress }, context);
}

function withFindings<R extends BuildResult>(result: R): R {
  return {
    ...result,
    findings: [...result.findings, ...check(result.tree, result.artifact, result.platform, new Date())],
  };
}

function withArtifact(planned: BuildResult, artifact: Artifact, timing: Timing): BuiltResult {
  const stage: StageSize = { stage: 'archive', bytes: artifact.zippedBytes, files: artifact.files };
  return { ...planned, artifact, stages: [...planned.stages, stage], timings: [...planned.timings, timing] };
}

function sizeOf(stage: StageName, tree: Tree): StageSize {
  const bytes = tree.entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0);
  return { stage, bytes, files: tree.entries.length };
}

async function timed<T>(
  stage: StageName,
  run: () => Promise<T>,
): Promise<{ readonly value: T; readonly timing: Timing }> {
  const started = performance.now();
  const value = await run();
  return { value, timing: { stage, ms: Math.round(performance.now() - started) } };
}
