import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { findRuntime } from '../platform/runtimes.ts';
import type { Arch } from '../types.ts';
import { errnoOf } from '../util/fs.ts';
import { looksLikePython } from './looks-like-python.ts';
import type { MountedBundle } from './mount-bundle.ts';
import { type ManifestFacts, readManifestFacts } from './read-manifest-facts.ts';
import type { LocalSettings, Mount } from './types.ts';
import { type UnpackedPart, unpackPart } from './unpack-part.ts';

/** A function as its user names it; what is left out, the manifest beside the artifact says, and defaults after it. */
export interface OpenRequest {
  /** Zip or unpacked folder. */
  readonly artifact: string;
  /** Zips or unpacked folders, in the order they are attached. */
  readonly layers?: readonly string[] | undefined;
  readonly mount?: Mount | null | undefined;
  readonly handler?: string | undefined;
  readonly runtime?: string | undefined;
  readonly arch?: Arch | undefined;
  readonly memoryMiB?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly tmpMiB?: number | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly runtimePackages?: string | null | undefined;
}

const DEFAULTS = { runtime: 'nodejs24.x', timeoutMs: 30_000, memoryMiB: 1024 };
const DEFAULT_HANDLERS = { nodejs: 'index.handler', python: 'lambda_function.lambda_handler' };

/**
 * Unpacks an artifact and its layers into `workDir`, folders aside, and fills in how the function is set up. Throws
 * `INPUT_UNREADABLE`, `NOT_A_ZIP`, `ZIP_UNSAFE`, `MANIFEST_INVALID`, `UNKNOWN_RUNTIME`, `CANCELLED`, and `USAGE` where nobody says
 * that a function is for Python.
 */
export async function openSettings(
  request: OpenRequest,
  options: {
    readonly workDir: string;
    readonly signal: AbortSignal;
    readonly onNote: (text: string) => void;
  },
): Promise<LocalSettings> {
  const facts = await readManifestFacts(request.artifact);
  const runtime = findRuntime(request.runtime ?? facts.runtime ?? DEFAULTS.runtime);
  const arch = request.arch ?? facts.arch ?? (process.arch === 'arm64' ? 'arm64' : 'x64');
  const { workDir } = options;
  const code = await unpackPart(request.artifact, join(workDir, 'task'), options);
  if ((request.runtime ?? facts.runtime) === undefined)
    await checkLanguage(request.artifact, code.folder, request.handler ?? facts.handler);
  const layers: UnpackedPart[] = [];
  for (const [index, layer] of (request.layers ?? []).entries())
    layers.push(await unpackPart(layer, join(workDir, `layer-${index + 1}`), options));
  const mounted = await mountBeside(request, facts, options);
  for (const folder of [request.mount?.folder, request.runtimePackages])
    if (folder) await checkFolder(folder);
  tellSize([code, ...layers], options.onNote);
  return {
    runtime,
    arch,
    handler: request.handler ?? facts.handler ?? DEFAULT_HANDLERS[runtime.language],
    code: code.folder,
    layers: layers.map(({ folder }) => folder),
    mount: request.mount ?? mounted?.mount ?? null,
    memoryMiB: request.memoryMiB ?? facts.memoryMiB ?? DEFAULTS.memoryMiB,
    timeoutMs: request.timeoutMs ?? facts.timeoutMs ?? DEFAULTS.timeoutMs,
    tmpMiB: request.tmpMiB ?? facts.tmpMiB ?? limits.tmpMinMiB,
    environment: { ...mounted?.environment, ...request.environment },
    functionName: 'function',
    runtimePackages: request.runtimePackages ?? null,
  };
}

function tellSize(parts: readonly UnpackedPart[], onNote: (text: string) => void): void {
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  if (bytes >= limits.unzippedBytes)
    onNote(`Note: it unpacks to ${bytes} bytes; Lambda refuses what is not below ${limits.unzippedBytes}.\n`);
}

/** The bundle beside an artifact, as its function finds it on a file system; null where there is none, or another mount is given. */
async function mountBeside(
  { artifact, mount }: OpenRequest,
  { efs }: ManifestFacts,
  { workDir, signal }: { readonly workDir: string; readonly signal: AbortSignal },
): Promise<MountedBundle | null> {
  if (!efs || mount) return null;
  const { mountBundle } = await import('./mount-bundle.ts');
  const folder = join(workDir, 'mount');
  await mkdir(folder);
  return mountBundle({ ...efs, path: join(dirname(artifact), efs.bundle.folder) }, folder, signal);
}

async function checkLanguage(artifact: string, code: string, handler: string | undefined): Promise<void> {
  if (!(await looksLikePython(code, handler))) return;
  const reason = `${artifact} looks like a function for Python, and nothing says so; add --runtime python3.13, or the version that it is for`;
  throw new SlimError('USAGE', [reason, 'lambda-slim invoke', null]);
}

/** A sandbox that cannot show a folder is none: it must not be mistaken for a machine that has no sandboxes. */
async function checkFolder(path: string): Promise<void> {
  const reason = await stat(path).then(
    found => (found.isDirectory() ? null : 'ENOTDIR'),
    (error: unknown) => errnoOf(error) ?? String(error),
  );
  if (reason !== null) throw new SlimError('INPUT_UNREADABLE', [path, reason]);
}
