import { findRuntime } from '../platform/runtimes.ts';
import type { Arch, Platform } from '../types.ts';

export const DEFAULT_RUNTIME = 'nodejs24.x';
export const DEFAULT_PYTHON_RUNTIME = 'python3.13';
export const DEFAULT_ARCH = 'x64';

/** What the artifact has to run on; throws `UNKNOWN_RUNTIME`. */
export function resolvePlatform(runtime: string | undefined, arch: Arch | 'x86_64' | undefined): Platform {
  return {
    runtime: findRuntime(runtime ?? DEFAULT_RUNTIME),
    os: 'linux',
    arch: arch === 'x86_64' ? 'x64' : (arch ?? DEFAULT_ARCH),
    libc: 'glibc',
  };
}
