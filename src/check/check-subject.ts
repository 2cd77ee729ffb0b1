import { limits } from '../platform/limits.ts';
import { runtimes } from '../platform/runtimes.ts';
import type { Platform } from '../types.ts';
import { type ArtifactCheck, checkArtifact } from './check-artifact.ts';
import type { AccountLimits } from './check-settings.ts';
import type { CheckSubject } from './subject.ts';

/** A function that was judged. */
export interface SubjectCheck extends ArtifactCheck {
  readonly name: string | null;
  readonly handler: string | null;
  readonly runtime: string | null;
  readonly arch: string | null;
}

export interface SubjectOptions {
  readonly account: AccountLimits | null;
  readonly signal: AbortSignal;
}

/** Judges a function with what is known of its settings. Of a runtime that is neither Node.js nor Python only limits and shape are. */
export async function checkSubject(subject: CheckSubject, options: SubjectOptions): Promise<SubjectCheck> {
  const { name, path, layers, handler, runtime, arch, environmentBytes } = subject;
  const platform = toPlatform(subject);
  const checked = await checkArtifact(path, {
    platform,
    layers,
    tmpMiB: subject.tmpMiB ?? limits.tmpMinMiB,
    handler,
    runtimeId: runtime,
    environmentBytes,
    ...options,
  });
  return {
    name,
    handler,
    runtime: platform?.runtime.id ?? runtime,
    arch: platform?.arch ?? arch,
    ...checked,
    findings: [...subject.findings, ...checked.findings],
  };
}

/** Null for what has no runtime, and where that is one of another language. */
function toPlatform({ runtime: id, arch }: CheckSubject): Platform | null {
  const runtime = runtimes.find(each => each.id === id);
  return runtime ? { runtime, os: 'linux', arch: arch ?? 'x64', libc: 'glibc' } : null;
}
