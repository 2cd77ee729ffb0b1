import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { archiveZip } from './archive/archive-zip.ts';
import { type BuiltResult, manifestPathOf, writeManifest } from './archive/manifest.ts';
import { type CompiledAndSlimmed, compileAndSlim } from './bytecode-build.ts';
import { check } from './check/check.ts';
import { checkBudget } from './check/check-budget.ts';
import { settleCuda } from './check/settle-cuda.ts';
import { collect } from './collect/collect.ts';
import type { Collected } from './collect/collected.ts';
import { addCompileCache } from './compile-cache/add-compile-cache.ts';
import { archiveBundle, partTree, planParts } from './efs-build.ts';
import { archiveRest, keepExactly, listEvents, withFallback } from './exact-build.ts';
import { native } from './native/native.ts';
import { hintsOf } from './presets/hints-of.ts';
import { loadPresets } from './presets/load.ts';
import type { PresetLibrary } from './presets/schema.ts';
import { type PruneOptions, prune } from './prune/prune.ts';
import { fitRecords } from './python/fit-records.ts';
import type {
  Artifact,
  BuildResult,
  Context,
  Entry,
  NativeSet,
  ResolvedFunction,
  StageName,
  StageSize,
  Timing,
  Tree,
} from './types.ts';
import { sumBytes } from './util/entry-bytes.ts';
import { readOwnManifest } from './util/own-manifest.ts';
import { timed } from './util/timed.ts';
import { verifyBuild } from './verify-build.ts';

/** A result without an artifact, the files that it was made from, and what of it is native. */
interface Planned {
  readonly result: BuildResult;
  readonly inputs: readonly string[];
  readonly natives: NativeSet;
  /** What level `exact` took out. */
  readonly rest: readonly Entry[];
}

/** A finished build, with the files it was made from and those it wrote; absolute paths. */
export interface Built {
  readonly result: BuildResult;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** The stages up to the one that writes. */
async function plan(fn: ResolvedFunction, context: Context): Promise<Planned> {
  const library = await loadPresets({ userPaths: fn.presets });
  const collected = await timed('collect', () =>
    collect(fn, manifest => hintsOf(library.presets, manifest), context),
  );
  const { tree, handler, installed, inputs } = collected.value;
  const pruned = await timed('prune', async () =>
    prune(tree, toPruneOptions(fn, library, collected.value), fn.platform),
  );
  const setup = { handler, library };
  const exacted =
    fn.level === 'exact'
      ? await timed('exact', () => keepExactly(pruned.value.tree, fn, setup, context))
      : null;
  const { compiled, slimmed } = await finish((exacted ?? pruned).value.tree, tree, fn, library, context);
  const stages = [collected, pruned, ...(exacted ? [exacted] : []), ...(compiled ? [compiled] : []), slimmed];
  const result: BuildResult = {
    ...begin(fn, handler),
    tree: slimmed.value.tree,
    native: slimmed.value.report,
    exact: exacted?.value.report ?? null,
    stages: [installed, ...stages.map(({ timing, value }) => sizeOf(timing.stage, value.tree))],
    findings: stages.flatMap(({ value }) => value.findings),
    timings: stages.map(({ timing }) => timing),
    bytecode: compiled?.value.report ?? null,
  };
  const others = [...(compiled?.value.inputs ?? []), ...(exacted ? await listEvents(fn) : [])];
  return {
    result,
    inputs: [...inputs, ...fn.presets, ...ownInputs(library), ...others],
    natives: slimmed.value.judged,
    rest: exacted?.value.rest ?? [],
  };
}

/** What is known of a result before any stage ran. */
function begin({ name, platform, tmpMiB, memoryMiB, timeoutMs }: ResolvedFunction, handler: string) {
  const nothing = {
    artifact: null,
    verification: null,
    compileCache: null,
    efs: null,
    upToDate: false,
  } as const;
  return { name, handler, platform, tmpMiB, memoryMiB, timeoutMs, ...nothing };
}

/** The last changes, after which the RECORDs are told what there is. */
async function finish(
  kept: Tree,
  collected: Tree,
  fn: ResolvedFunction,
  library: PresetLibrary,
  context: Context,
): Promise<CompiledAndSlimmed> {
  const settings = { options: fn.native, library, platform: fn.platform, level: fn.compress };
  const slim = (from: Tree) => timed('native', () => native(from, settings, context));
  const { compiled, slimmed } = await compileAndSlim(kept, fn, library, slim, context);
  const tree = fitRecords(slimmed.value.tree, collected);
  return { compiled, slimmed: { ...slimmed, value: { ...slimmed.value, tree } } };
}

function toPruneOptions(
  { keep, level, rules, external, python }: ResolvedFunction,
  library: PresetLibrary,
  { awsServices }: Collected,
): PruneOptions {
  const named = { awsServices };
  const declared = { awsServices: python.awsServices };
  return { library, keep, level, ...rules, external, declared, named };
}

/** lambda-slim itself decides as well: its presets, and its code while it is being worked on. */
function ownInputs({ presets }: PresetLibrary): readonly string[] {
  const builtIn = presets.filter(({ user }) => !user);
  const folder = join(readOwnManifest().root, 'presets');
  return [fileURLToPath(import.meta.url), ...builtIn.map(({ file }) => join(folder, file))];
}

/** Decides what would be in the artifact and why everything else would not, and writes nothing. */
export async function planFunction(fn: ResolvedFunction, context: Context): Promise<BuildResult> {
  const { result, natives } = await plan(fn, context);
  return withBudget(withFindings(planParts(result, fn), natives), fn);
}

/** Builds a function into the zip `outFile`, with its manifest beside it, and runs it against the original where that is asked for. */
export async function runPipeline(fn: ResolvedFunction, outFile: string, context: Context): Promise<Built> {
  const planned = await plan(fn, context);
  const cached = fn.compileCache ? await withCompileCache(planned.result, context) : planned.result;
  const isCautious = fn.rest.fallback && planned.rest.length > 0;
  const ready = isCautious ? await withFallback(cached, planned.rest, context) : cached;
  const parted = await partTree(ready, fn);
  const bundled = await archiveBundle(parted, outFile, context);
  const archived = await timed('archive', () => archive(parted.zip, fn, outFile, context));
  const rest = fn.rest.write && ready.exact ? await archiveRest(planned.rest, fn, outFile, context) : null;
  const checked = withFindings(
    withArtifact(withRest(bundled.result, rest), archived.value, archived.timing),
    planned.natives,
  );
  const manifest = manifestPathOf(outFile);
  const tool = { name: 'lambda-slim', version: readOwnManifest().version };
  // Before the artifact is run, so that what lies there belongs together also when that is interrupted.
  await writeManifest(manifest, checked, tool);
  const { result, inputs } = fn.verify.enabled
    ? await withVerification(checked, fn, context)
    : { result: checked, inputs: [] };
  const judged = withBudget(result, fn);
  if (judged !== checked) await writeManifest(manifest, judged, tool);
  const outputs = [outFile, manifest, ...(rest ? [rest.path] : []), ...bundled.outputs];
  return { result: judged, inputs: [...planned.inputs, ...inputs], outputs };
}

async function withVerification(
  checked: BuiltResult,
  fn: ResolvedFunction,
  context: Context,
): Promise<{ readonly result: BuiltResult; readonly inputs: readonly string[] }> {
  const { value, timing } = await timed('verify', () => verifyBuild(fn, checked, context));
  const result = {
    ...checked,
    verification: value.report,
    findings: [...checked.findings, ...value.findings],
    timings: [...checked.timings, timing],
  };
  return { result, inputs: value.inputs };
}

function withRest(result: BuildResult, rest: Artifact | null): BuildResult {
  if (!result.exact || !rest) return result;
  const { path, zippedBytes, unzippedBytes } = rest;
  return { ...result, exact: { ...result.exact, rest: { path, zippedBytes, unzippedBytes } } };
}

function archive(tree: Tree, fn: ResolvedFunction, outPath: string, context: Context): Promise<Artifact> {
  return archiveZip(tree, { outPath, level: fn.compress }, context);
}

async function withCompileCache(planned: BuildResult, context: Context): Promise<BuildResult> {
  const { value, timing } = await timed('compile-cache', () =>
    addCompileCache(planned.tree, planned.handler, planned.platform, context),
  );
  return {
    ...planned,
    tree: value.tree,
    compileCache: value.report,
    stages: [...planned.stages, sizeOf('compile-cache', value.tree)],
    findings: [...planned.findings, ...value.findings],
    timings: [...planned.timings, timing],
  };
}

function withFindings<R extends BuildResult>(result: R, natives: NativeSet): R {
  const { tree, artifact, platform, native, tmpMiB, efs } = result;
  const unzippedBytes = sumBytes(tree.entries) - (efs?.bytes ?? 0);
  const tmp = { bytes: native.compressed?.tmpBytes ?? 0, sizeMiB: tmpMiB };
  const found = check({ tree, unzippedBytes, artifact, platform, natives, tmp }, new Date());
  return { ...result, findings: [...settleCuda(result.findings, tree), ...found] };
}

/** Last of all, since verifying tells how long it takes to start. */
function withBudget<R extends BuildResult>(result: R, { budget }: ResolvedFunction): R {
  const { artifact, tree, efs, verification } = result;
  const unzippedBytes = artifact?.unzippedBytes ?? sumBytes(tree.entries) - (efs?.bytes ?? 0);
  const initMs = verification?.slim.initMs ?? null;
  const found = checkBudget(
    { zippedBytes: artifact?.zippedBytes ?? null, unzippedBytes, initMs, before: null },
    budget,
  );
  return found.length === 0 ? result : { ...result, findings: [...result.findings, ...found] };
}

function withArtifact(planned: BuildResult, artifact: Artifact, timing: Timing): BuiltResult {
  const stage: StageSize = { stage: 'archive', bytes: artifact.zippedBytes, files: artifact.files };
  return { ...planned, artifact, stages: [...planned.stages, stage], timings: [...planned.timings, timing] };
}

function sizeOf(stage: StageName, tree: Tree): StageSize {
  const bytes = sumBytes(tree.entries);
  return { stage, bytes, files: tree.entries.length };
}
