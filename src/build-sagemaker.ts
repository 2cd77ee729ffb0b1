import { join } from 'node:path';
import { archiveTar, type TarArtifact } from './archive/archive-tar.ts';
import { checkSecrets } from './check/check-secrets.ts';
import { resolvePlatform } from './config/resolve-platform.ts';
import { SlimError } from './errors.ts';
import type { Finding, FindingCode } from './findings.ts';
import { planFunction } from './pipeline.ts';
import { type Framework, findSagemakerImage, type SagemakerImage } from './platform/sagemaker-images.ts';
import { checkArchive, checkModel } from './sagemaker/check-model.ts';
import { hashArchive } from './sagemaker/hash-archive.ts';
import { layOutFolder } from './sagemaker/lay-out-folder.ts';
import { layOutFunction } from './sagemaker/lay-out-function.ts';
import { readArchive } from './sagemaker/read-archive.ts';
import { tellFramework } from './sagemaker/tell-framework.ts';
import { tellOfFunction } from './sagemaker/tell-of-function.ts';
import type { ModelLayout } from './sagemaker/types.ts';
import type { BuildResult, CompressLevel, Context, Platform, Removal, ResolvedFunction } from './types.ts';
import { sumBytes } from './util/entry-bytes.ts';
import { exists } from './util/fs.ts';

/** How a model archive is to be made; null lets the files, or our table, decide. */
export interface ModelOptions {
  readonly framework: Framework | null;
  /** Of the framework's image. */
  readonly version: string | null;
  readonly level: CompressLevel;
}

/** How a function becomes one. */
export interface ServingOptions extends ModelOptions {
  /** Folder of the function that is the model. */
  readonly model: string;
  readonly call: 'http' | 'plain';
  /** File with `to_instances` and `to_answer`, from the function's root. */
  readonly serving: string;
}

/** A `model.tar.gz` that is there, and what was found in it. */
export interface BuiltModel {
  readonly name: string;
  readonly artifact: TarArtifact;
  readonly image: SagemakerImage;
  readonly findings: readonly Finding[];
}

/** What a build would write. Sizes are bytes. */
export interface PlannedModel {
  readonly name: string;
  readonly image: SagemakerImage;
  readonly unpackedBytes: number;
  readonly files: number;
  /** What the presets take out of a function; none for a folder. */
  readonly removals: readonly Removal[];
  /** The archive is not known yet, so its own bytes are in no limit. */
  readonly findings: readonly Finding[];
}

interface LaidOut extends Pick<PlannedModel, 'name' | 'image' | 'removals' | 'findings'> {
  readonly layout: ModelLayout;
}

/** What is Lambda's own concern, or told in other words for SageMaker. */
const NOT_HERE: readonly FindingCode[] = [
  'LIMIT_UNZIPPED',
  'LIMIT_ZIPPED',
  'RUNTIME_DEPRECATED',
  'RUNTIME_PROVIDES',
  'TMP_TOO_SMALL',
  'CUDA_WHEEL',
];

/**
 * Makes the archive of a model folder. Throws `SAGEMAKER_FRAMEWORK`, `SAGEMAKER_LAYOUT`, `SAGEMAKER_IMAGE_UNKNOWN`, and
 * what `archiveTar` throws.
 */
export async function buildModelOfFolder(
  dir: string,
  name: string,
  options: ModelOptions,
  outPath: string,
  context: Context,
): Promise<BuiltModel> {
  return writeModel(await openFolder(dir, name, options), options, outPath, context);
}

/** The same without writing. */
export async function planModelOfFolder(
  dir: string,
  name: string,
  options: ModelOptions,
): Promise<PlannedModel> {
  return toPlanned(await openFolder(dir, name, options));
}

async function openFolder(dir: string, name: string, options: ModelOptions): Promise<LaidOut> {
  const layout = await layOutFolder(dir, options.framework);
  const image = findSagemakerImage(layout.framework, options.version);
  return { name, image, layout, removals: [], findings: [] };
}

/** Makes the archive of a function in Python: slim as its zip would be, without what the image has. Throws as the pipeline does, and `SAGEMAKER_*`. */
export async function buildModelOfFunction(
  fn: ResolvedFunction,
  options: ServingOptions,
  outPath: string,
  context: Context,
): Promise<BuiltModel> {
  return writeModel(await openFunction(fn, options, context), options, outPath, context);
}

/** The same without writing. */
export async function planModelOfFunction(
  fn: ResolvedFunction,
  options: ServingOptions,
  context: Context,
): Promise<PlannedModel> {
  return toPlanned(await openFunction(fn, options, context));
}

async function openFunction(
  fn: ResolvedFunction,
  options: ServingOptions,
  context: Context,
): Promise<LaidOut> {
  const framework = options.framework ?? (await tellOfFunction(fn, options.model));
  const image = findSagemakerImage(framework, options.version);
  const served = await toServed(fn, image, options);
  const planned = await planFunction(served, context);
  const { tree, handler } = planned;
  const { model, call } = options;
  const layout = await layOutFunction({
    name: fn.name,
    entries: tree.entries,
    handler,
    framework,
    model,
    call,
  });
  const findings = [
    ...planned.findings.filter(({ code }) => !NOT_HERE.includes(code)),
    ...tellProvided(planned, image),
  ];
  return { name: fn.name, image, layout, removals: tree.removals, findings };
}

/** Takes an archive that somebody else made as it is. Throws `SAGEMAKER_ARCHIVE`, `SAGEMAKER_FRAMEWORK`, `SAGEMAKER_IMAGE_UNKNOWN`. */
export async function openModelArchive(
  path: string,
  name: string,
  options: ModelOptions,
  { signal }: Context,
): Promise<BuiltModel> {
  const listing = await readArchive(path, signal);
  const paths = listing.files.map(file => file.path);
  const framework = options.framework ?? tellFramework(paths, path, listing.links);
  const { bytes, sha256 } = await hashArchive(path, signal);
  const unpackedBytes = listing.files.reduce((sum, file) => sum + file.bytes, 0);
  const artifact = { path, bytes, sha256, unpackedBytes, files: paths.length };
  const model = { framework, files: listing.files, archiveBytes: bytes };
  return {
    name,
    artifact,
    image: findSagemakerImage(framework, options.version),
    findings: [...checkArchive(model, listing), ...checkSecrets(paths)],
  };
}

async function writeModel(
  model: LaidOut,
  { level }: ModelOptions,
  outPath: string,
  context: Context,
): Promise<BuiltModel> {
  const { name, image, layout } = model;
  const artifact = await archiveTar(layout.entries, { outPath, level }, context);
  return { name, artifact, image, findings: findAll(model, artifact.bytes) };
}

function toPlanned(model: LaidOut): PlannedModel {
  const { layout, ...rest } = model;
  const sizes = { unpackedBytes: sumBytes(layout.entries), files: layout.entries.length };
  return { ...rest, ...sizes, findings: findAll(model, 0) };
}

function findAll({ layout, findings }: LaidOut, archiveBytes: number): readonly Finding[] {
  const { framework, entries } = layout;
  const found = checkModel({ framework, files: entries, archiveBytes });
  const secrets = checkSecrets(entries.map(({ path }) => path));
  const known = new Set(findings.flatMap(finding => (finding.code === 'SECRET_FILE' ? finding.path : [])));
  const others = secrets.filter(
    finding => !('path' in finding) || !known.has(`${finding.path}`.replace(/^code\/lib\//, '')),
  );
  return [...findings, ...found, ...others];
}

/** The function as the container will run it: another Python, no Lambda about it. */
async function toServed(
  fn: ResolvedFunction,
  image: SagemakerImage,
  { serving, model }: ServingOptions,
): Promise<ResolvedFunction> {
  if (fn.platform.runtime.language !== 'python')
    throw new SlimError('SAGEMAKER_LAYOUT', [
      `The function ${fn.name}`,
      'it is no Python function, and the containers run Python',
      'Publish its model folder instead, with a code/inference.py.',
    ]);
  const entry = image.framework === 'tensorflow' ? join(fn.root, serving) : fn.entry;
  if (!(await exists(entry)))
    throw new SlimError('SAGEMAKER_LAYOUT', [
      `The function ${fn.name}`,
      `TensorFlow Serving needs to know what is before and behind the model, and ${serving} is not there`,
      `Write it with to_instances(body, content_type) and to_answer(predictions), or name another file as "serving" under publish.sagemaker; docs/sagemaker.md has an example.`,
    ]);
  return {
    ...fn,
    target: 'zip',
    entry,
    handlerExport: image.framework === 'tensorflow' ? 'to_answer' : fn.handlerExport,
    platform: toPlatform(image),
    include: [...fn.include, ...((await exists(join(fn.root, model))) ? [`${model}/**`] : [])],
    external: [...fn.external, ...image.modules],
    python: { ...fn.python, runtimeProvides: image.provides, elsewhere: image.provides },
    native: { ...fn.native, compress: null },
    bytecode: 'none',
    compileCache: false,
    level: fn.level === 'exact' ? 'safe' : fn.level,
  };
}

/** Lambda's runtime of the same Python, on the system of the image. */
function toPlatform({ python, system }: SagemakerImage): Platform {
  const platform = resolvePlatform(`python${python}`, 'x64');
  return { ...platform, runtime: { ...platform.runtime, ...system } };
}

function tellProvided({ findings }: BuildResult, image: SagemakerImage): readonly Finding[] {
  const left = findings.flatMap(finding => (finding.code === 'RUNTIME_PROVIDES' ? finding.packages : []));
  if (left.length === 0) return [];
  return [{ code: 'SAGEMAKER_PROVIDES', level: 'info', packages: left, image: image.name }];
}
