import { stat } from 'node:fs/promises';
import { SlimError } from '../errors.ts';
import type { Finding } from '../findings.ts';
import { limits } from '../platform/limits.ts';
import { findOtherRuntime } from '../platform/other-runtimes.ts';
import type { Platform } from '../types.ts';
import { errnoOf } from '../util/fs.ts';
import { checkCompressed } from './check-compressed.ts';
import { checkContents } from './check-contents.ts';
import { checkCuda } from './check-cuda.ts';
import { checkLimits } from './check-limits.ts';
import { checkLinks } from './check-links.ts';
import { checkRuntime } from './check-runtime.ts';
import { type AccountLimits, checkSettings, measureRequest } from './check-settings.ts';
import { checkHandler } from './handler/check-handler.ts';
import { checkLinkage } from './linkage/check-linkage.ts';
import { inspectFolder } from './natives/inspect-folder.ts';
import { inspectZip } from './natives/inspect-zip.ts';
import type { ArtifactFacts, Inspected } from './natives/inspected.ts';

/** A zip or folder with its layers, and what was found. Sizes are bytes, `unzippedBytes` as the directory of a zip claims. */
export interface ArtifactCheck {
  readonly artifact: ArtifactFacts;
  readonly layers: readonly ArtifactFacts[];
  /** Native files, and those whose names say that they are. */
  readonly natives: number;
  /** Of a request that brings the zip, about; null for a folder. */
  readonly requestBytes: number | null;
  /** Of the variables as compact JSON; null where nobody says them. */
  readonly environmentBytes: number | null;
  readonly findings: readonly Finding[];
}

export interface CheckTarget {
  /** Null judges what holds for every runtime. */
  readonly platform: Platform | null;
  /** Zips or folders in the order in which Lambda unpacks them to `/opt`. */
  readonly layers: readonly string[];
  /** Size of the function's `/tmp`, MiB. */
  readonly tmpMiB: number;
  /** `index.handler`; its file is looked for where a runtime is known as well. */
  readonly handler?: string | null;
  /** The id of a runtime of which no more than its dates is known. */
  readonly runtimeId?: string | null;
  readonly environmentBytes?: number | null;
  readonly account?: AccountLimits | null;
  readonly signal: AbortSignal;
}

/** Judges a zip or an unpacked folder that any tool made. Throws `INPUT_UNREADABLE`, `NOT_A_ZIP`, `FILE_CHANGED`, `CANCELLED`. */
export async function checkArtifact(path: string, target: CheckTarget): Promise<ArtifactCheck> {
  const root = await inspect(path, target.signal);
  const layers: Inspected[] = [];
  for (const layer of target.layers) layers.push(await inspect(layer, target.signal));
  const { zippedBytes } = root.facts;
  const environmentBytes = target.environmentBytes ?? null;
  return {
    artifact: root.facts,
    requestBytes: zippedBytes === null ? null : measureRequest(zippedBytes, environmentBytes),
    environmentBytes,
    layers: layers.map(({ facts }) => facts),
    natives: [root, ...layers].reduce((sum, { natives }) => sum + natives.files.length, 0),
    findings: judge(root, layers, target),
  };
}

async function inspect(path: string, signal: AbortSignal): Promise<Inspected> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  });
  return stats.isDirectory() ? inspectFolder(path) : inspectZip(path, signal);
}

function judge(root: Inspected, layers: readonly Inspected[], target: CheckTarget): readonly Finding[] {
  const { platform, tmpMiB, handler = null, environmentBytes = null, account = null } = target;
  const all = [root, ...layers];
  const runtime = platform?.runtime ?? findOtherRuntime(target.runtimeId ?? '');
  const unzippedBytes = all.reduce((sum, { facts }) => sum + facts.unzippedBytes, 0);
  return [
    ...(runtime ? checkRuntime(runtime, new Date()) : []),
    ...checkLimits({ zippedBytes: root.facts.zippedBytes, unzippedBytes }),
    ...checkSettings({ environmentBytes, tmpMiB, account }, root.facts.zippedBytes, unzippedBytes),
    ...checkLayers(layers.length),
    ...all.flatMap(checkEmpty),
    ...checkHandler(handler, platform?.runtime ?? null, target.runtimeId ?? null, all),
    ...root.findings,
    ...layers.flatMap(({ facts, findings }) => findings.map(finding => underLayer(facts.path, finding))),
    ...all.flatMap(({ natives, sizes }) => checkLinks(natives.links, [...sizes.keys()])),
    ...checkCompressed(all, platform, tmpMiB),
    ...all.flatMap(({ sizes }) => checkCuda(sizes, platform?.arch ?? null)),
    ...checkContents(all, platform),
    ...checkLinkage({ root: root.natives, layers: layers.map(({ natives }) => natives), platform }),
  ];
}

function checkLayers(count: number): readonly Finding[] {
  return count > limits.layers
    ? [{ code: 'LIMIT_LAYERS', level: 'error', layers: count, limit: limits.layers }]
    : [];
}

function checkEmpty({ facts }: Inspected): readonly Finding[] {
  return facts.files === 0 ? [{ code: 'ARTIFACT_EMPTY', level: 'error', path: facts.path }] : [];
}

/** A path in a layer is told with the layer's own. */
function underLayer(layer: string, finding: Finding): Finding {
  switch (finding.code) {
    case 'DUPLICATE_ENTRY':
    case 'ENTRY_ESCAPES':
    case 'ENTRY_UNREADABLE':
    case 'NAME_NOT_UTF8':
      return { ...finding, path: `${layer}: ${finding.path}` };
    default:
      return finding;
  }
}
