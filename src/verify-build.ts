import { link, mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuiltResult } from './archive/manifest.ts';
import { SlimError } from './errors.ts';
import { listEvents, toLocalSettings } from './exact-build.ts';
import type { Finding } from './findings.ts';
import type { MountedBundle } from './lambda/mount-bundle.ts';
import type { IsolationChoice, LocalSettings } from './lambda/types.ts';
import { nameOwnFiles } from './name-own-files.ts';
import { LEFT_TO_RUNTIME } from './platform/runtime-packages.ts';
import { prepareOriginal } from './prepare-original.ts';
import { findMissed } from './rest/find-missed.ts';
import type { Context, Removal, ResolvedFunction, VerifyReport } from './types.ts';
import { findEvents } from './verify/find-events.ts';
import { joinerFor } from './verify/join-parts.ts';
import { findSuspects } from './verify/suspects.ts';
import { type Verified, verify } from './verify/verify.ts';
import { unpackZip } from './zip/unpack-zip.ts';

export interface VerifiedBuild {
  /** Null where the function cannot be run on this machine; a finding says why. */
  readonly report: VerifyReport | null;
  readonly findings: readonly Finding[];
  /** Absolute paths of the events and recorded answers. */
  readonly inputs: readonly string[];
}

/** What keeps a function from being run here, and says nothing about the function. */
const CANNOT_RUN: ReadonlySet<string> = new Set(['ARCH_CANNOT_RUN', 'PYTHON_MISSING', 'INSTALL_FAILED']);

/** Runs the artifact that was just written against the unslimmed function, on the function's events. */
export async function verifyBuild(
  fn: ResolvedFunction,
  result: BuiltResult,
  context: Context,
): Promise<VerifiedBuild> {
  const { events } = await findEvents(fn.verify.events);
  const inputs = await listEvents(fn);
  try {
    const { report, findings, logs } = await runBoth(fn, result, events, context);
    const missed = fn.rest.fallback ? findMissed(logs) : [];
    return { report, findings: [...(await nameOwnFiles(findings, fn)), ...missed], inputs };
  } catch (error) {
    if (!(error instanceof SlimError) || !CANNOT_RUN.has(error.code)) throw error;
    return { report: null, findings: [notRun(error)], inputs };
  }
}

function notRun({ message }: SlimError): Finding {
  return { code: 'VERIFY_NOT_RUN', level: 'warning', reason: message };
}

async function runBoth(
  fn: ResolvedFunction,
  result: BuiltResult,
  events: Parameters<typeof verify>[0]['events'],
  context: Context,
): Promise<Verified> {
  const dir = await mkdtemp(join(context.workDir, 'verify-'));
  const [original, slim, rest] = ['original', 'slim', 'rest'].map(name => join(dir, name)) as Folders;
  const { handler } = await prepareOriginal(fn, original, context);
  const { signal } = context;
  const maxBytes = Number.MAX_SAFE_INTEGER;
  await unpackZip(result.artifact.path, slim, { maxBytes, signal });
  const second = fn.rest.fallback ? result.exact?.rest : null;
  if (second) await unpackZip(second.path, rest, { maxBytes, signal });
  const mounted = await mountFor(fn, result, join(dir, 'mount'), signal);
  const settings: LocalSettings = {
    ...toLocalSettings(fn, result.handler),
    code: slim,
    mount: mounted?.mount ?? null,
    environment: { ...fn.environment, ...mounted?.environment },
    layers: second ? [rest] : [],
    runtimePackages: await standInForRuntime(result.tree.removals, original, join(dir, 'runtime')),
  };
  const whole = joinerFor(settings, join(dir, 'whole'));
  const facts = { removals: result.tree.removals, native: result.native };
  const request = {
    original: { ...toLocalSettings(fn, handler), code: original },
    slim: settings,
    events,
    options: fn.verify,
    suspects: async () => findSuspects(original, whole ? await whole() : slim, facts),
    whole,
    isolation: 'auto' as IsolationChoice,
  };
  return verify(request, context);
}

/** What lies on a file system, as the function finds it there; null where all of it is in the zip. */
async function mountFor(
  fn: ResolvedFunction,
  { efs }: BuiltResult,
  folder: string,
  signal: AbortSignal,
): Promise<MountedBundle | null> {
  if (!fn.efs || !efs?.bundle) return null;
  const { mountBundle } = await import('./lambda/mount-bundle.ts');
  await mkdir(folder);
  return mountBundle({ ...fn.efs, path: efs.bundle.path }, folder, signal);
}

/** The packages that were left to the runtime, as they were installed; null where none was. */
async function standInForRuntime(
  removals: readonly Removal[],
  original: string,
  folder: string,
): Promise<string | null> {
  const left = removals.filter(({ rule }) => rule.id === LEFT_TO_RUNTIME.id);
  for (const { path } of left) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await link(join(original, path), join(folder, path));
  }
  return left.length === 0 ? null : folder;
}

type Folders = [original: string, slim: string, rest: string];
