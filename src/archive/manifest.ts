import { basename } from 'node:path';
import type { Finding } from '../findings.ts';
import type {
  Arch,
  Artifact,
  BuildResult,
  CompressedReport,
  EfsBundle,
  EfsReport,
  Origin,
  SharedFile,
  StageSize,
  StrippedFile,
} from '../types.ts';
import { writeAtomic } from '../util/fs.ts';
import { compareCodeUnits } from '../util/path.ts';

/** Raised when a field changes its meaning or goes. */
export const MANIFEST_SCHEMA = 1;

/** What lies beside an artifact and says how it came about. No time and no path of the machine is in it. Sizes are bytes. */
export interface Manifest {
  readonly schema: typeof MANIFEST_SCHEMA;
  readonly tool: Tool;
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  readonly arch: Arch;
  /** Size of the function's `/tmp` that the artifact was built for, MiB. */
  readonly tmpMiB: number;
  /** Memory size, MiB, and timeout, ms, that the config gives the function. */
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  readonly artifact: {
    readonly file: string;
    readonly sha256: string;
    readonly codeSha256: string;
    readonly zippedBytes: number;
    readonly unzippedBytes: number;
    readonly files: number;
  };
  /** What the target `efs` left out of the artifact; null for a zip. */
  readonly efs: ManifestEfs | null;
  readonly stages: readonly StageSize[];
  readonly entries: readonly ManifestEntry[];
  readonly removals: readonly ManifestRemoval[];
  /** Why, by id of the rule that removals name. */
  readonly rules: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
  readonly native: ManifestNative;
}

/** A bundle beside the artifact, and how the function finds its release. */
export interface ManifestEfs extends Omit<EfsReport, 'bundle'> {
  readonly bundle: Omit<EfsBundle, 'path'> & {
    /** Name of its folder. */
    readonly folder: string;
  };
}

/** What came of each native library; how long inflating took is not in it, since it differs from run to run. */
export interface ManifestNative {
  readonly files: readonly StrippedFile[];
  readonly shared: readonly SharedFile[];
  readonly compressed: Omit<CompressedReport, 'inflate'> | null;
}

/** What made the artifact. */
export interface Tool {
  readonly name: string;
  readonly version: string;
}

export interface ManifestEntry {
  readonly path: string;
  readonly bytes: number;
  readonly compressedBytes: number;
  readonly sha256: string;
  /** `0644`, `0755`, or `link`. */
  readonly mode: string;
  readonly origin: Origin;
}

export interface ManifestRemoval {
  readonly path: string;
  readonly bytes: number;
  readonly rule: string;
  readonly package?: string;
  readonly parents?: readonly string[];
}

/** A build that wrote something. */
export type BuiltResult = BuildResult & { readonly artifact: Artifact };

/** Makes the manifest of a build; the same build gives the same manifest everywhere. */
export function toManifest(result: BuiltResult, tool: Tool): Manifest {
  const { artifact, platform } = result;
  const { sha256, codeSha256, zippedBytes, unzippedBytes, files } = artifact;
  return {
    schema: MANIFEST_SCHEMA,
    tool: { name: tool.name, version: tool.version },
    name: result.name,
    handler: result.handler,
    runtime: platform.runtime.id,
    arch: platform.arch,
    tmpMiB: result.tmpMiB,
    memoryMiB: result.memoryMiB,
    timeoutMs: result.timeoutMs,
    artifact: { file: basename(artifact.path), sha256, codeSha256, zippedBytes, unzippedBytes, files },
    efs: toEfs(result),
    stages: result.stages.map(({ stage, bytes, files }) => ({ stage, bytes, files })),
    entries: toEntries(result),
    removals: toRemovals(result),
    rules: toRules(result),
    findings: result.findings,
    native: toNative(result),
  };
}

/** Writes the manifest as JSON, whole or not at all. Throws `OUTPUT_UNWRITABLE`. */
export async function writeManifest(path: string, result: BuiltResult, tool: Tool): Promise<void> {
  const text = `${JSON.stringify(toManifest(result, tool), null, 2)}\n`;
  await writeAtomic(path, file => file.writeFile(text));
}

function toEfs({ efs }: BuiltResult): ManifestEfs | null {
  if (!efs?.bundle) return null;
  const { path, ...bundle } = efs.bundle;
  return { ...efs, bundle: { folder: basename(path), ...bundle } };
}

function toNative({ native }: BuiltResult): ManifestNative {
  if (!native.compressed) return { ...native, compressed: null };
  const { inflate: _, ...compressed } = native.compressed;
  return { ...native, compressed };
}

function toEntries({ artifact, tree }: BuiltResult): readonly ManifestEntry[] {
  const byPath = new Map(tree.entries.map(entry => [entry.path as string, entry]));
  return artifact.entries.flatMap(({ path, bytes, compressedBytes, sha256 }) => {
    const entry = byPath.get(path);
    if (!entry) return [];
    const mode = entry.kind === 'link' ? 'link' : `0${entry.mode.toString(8)}`;
    return [{ path, bytes, compressedBytes, sha256, mode, origin: entry.origin }];
  });
}

function toRemovals({ tree }: BuiltResult): readonly ManifestRemoval[] {
  return [...tree.removals]
    .sort((a, b) => compareCodeUnits(a.path, b.path))
    .map(({ path, bytes, rule, package: owner, parents }) => ({
      path,
      bytes,
      rule: rule.id,
      ...(owner === undefined ? {} : { package: owner }),
      ...(parents === undefined ? {} : { parents }),
    }));
}

function toRules({ tree }: BuiltResult): Readonly<Record<string, string>> {
  const rules = new Map(tree.removals.map(({ rule }) => [rule.id, rule.why]));
  return Object.fromEntries([...rules].sort(([a], [b]) => compareCodeUnits(a, b)));
}

/** Where the manifest of an artifact lies: `function.zip` has `function.manifest.json`. */
export function manifestPathOf(artifactPath: string): string {
  return `${artifactPath.replace(/\.zip$/, '')}.manifest.json`;
}
