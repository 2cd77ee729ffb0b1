import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { matchGlobs } from '../presets/match-glob.ts';
import type { LayerPart, LayerSettings, Package, Release } from '../publish-types.ts';
import type { Context } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';
import { readZipDirectory, type ZipEntry } from '../zip/read-zip.ts';
import { END_BYTES, repackZip, type ZipPick } from '../zip/repack-zip.ts';
import { describeLayer } from './describe-layer.ts';
import { findLicenses } from './find-licenses.ts';
import { findUnits, type Unit } from './find-units.ts';
import { type Bin, planLayers } from './plan-layers.ts';
import { readDistributions } from './python-owners.ts';
import { refuseLinks } from './refuse-links.ts';
import { refuseUnsuited } from './refuse-unsuited.ts';

export interface SplitOptions {
  readonly functionName: string;
  /** `nodejs24.x`; the language decides where packages lie. */
  readonly runtime: string;
  readonly layers: LayerSettings;
  /** Layers that may be made. */
  readonly maxLayers: number;
  /** With one, a layer may have any zipped size. */
  readonly bucket: string | null;
}

/**
 * Splits an artifact into the function's own zip and layers: packages go to `nodejs/node_modules` or `python`, own files that the
 * settings name keep their path under `/opt`. The same artifact and settings give the same bytes. The zips lie in the work folder.
 * Throws `LAYERS_IMPOSSIBLE`, `LAYERS_UNSUITED`, `NOT_A_ZIP`.
 */
export async function splitArtifact(
  artifact: Package,
  options: SplitOptions,
  context: Pick<Context, 'workDir' | 'signal'>,
): Promise<Release> {
  const { entries } = await readZipDirectory(artifact.path);
  const units = await readUnits(artifact, entries, options, context);
  if (units.length === 0) return { code: artifact, layers: [] };
  refuseUnsuited(entries);
  await refuseLinks(artifact.path, entries, units, context.signal);
  const capacity = options.bucket === null ? limits.zippedBytes - END_BYTES : Number.MAX_SAFE_INTEGER;
  const bins = planLayers(units, options.maxLayers, capacity);
  const dir = join(context.workDir, 'layers');
  await mkdir(dir, { recursive: true });
  const licenses = await findLicenses(artifact.path, units, context.signal);
  const layers: LayerPart[] = [];
  for (const bin of bins)
    layers.push(await writeLayer(artifact, bin, options, { dir, licenses, ...context }));
  return { code: await writeRest(artifact, entries, units, dir, context.signal), layers };
}

async function readUnits(
  { path }: Package,
  entries: readonly ZipEntry[],
  { runtime, layers }: SplitOptions,
  { signal }: Pick<Context, 'signal'>,
): Promise<readonly Unit[]> {
  const language = runtime.startsWith('python') ? 'python' : 'nodejs';
  const distributions = language === 'python' ? await readDistributions(path, signal) : new Map();
  return findUnits({ entries, language, isModel: matchGlobs(layers.files), distributions });
}

interface Writing {
  readonly dir: string;
  readonly signal: AbortSignal;
  /** By the name of a unit. */
  readonly licenses: ReadonlyMap<string, readonly string[]>;
}

async function writeLayer(
  artifact: Package,
  { kind, number, units }: Bin,
  { functionName }: SplitOptions,
  { dir, signal, licenses }: Writing,
): Promise<LayerPart> {
  const name = `${functionName}-${kind}-${number}`;
  const path = join(dir, `${name}.zip`);
  const picks = units.flatMap(unit => unit.picks).sort((a, b) => compareCodeUnits(a.path, b.path));
  const written = await repackZip(artifact.path, path, picks, signal);
  return {
    ...written,
    path,
    name,
    kind,
    contents: units.map(unit => unit.name),
    description: describeLayer(written.sha256, written.unzippedBytes),
    license: joinNames(units.flatMap(unit => licenses.get(unit.name) ?? [])),
  };
}

function joinNames(names: readonly string[]): string | null {
  const text = [...new Set(names)].sort(compareCodeUnits).join(', ');
  if (text === '') return null;
  return text.length <= limits.licenseCharacters ? text : `${text.slice(0, limits.licenseCharacters - 1)}…`;
}

/** The function's own zip: what went into no layer. */
async function writeRest(
  artifact: Package,
  entries: readonly ZipEntry[],
  units: readonly Unit[],
  dir: string,
  signal: AbortSignal,
): Promise<Package> {
  const gone = new Set(units.flatMap(({ picks }) => picks.map(({ entry }) => entry)));
  const picks: readonly ZipPick[] = entries
    .filter(entry => entry.kind !== 'folder' && !gone.has(entry))
    .map(entry => ({ entry, path: entry.path }));
  if (picks.length === 0) throw new SlimError('LAYERS_UNSUITED', ['nothing would be left for the function']);
  const path = join(dir, 'function.zip');
  return { ...(await repackZip(artifact.path, path, picks, signal)), path };
}
