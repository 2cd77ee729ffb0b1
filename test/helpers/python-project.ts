import { findRuntime } from '../../src/platform/runtimes.ts';
import type { Arch, Platform, ResolvedFunction } from '../../src/types.ts';
import { makeFunction } from './project.ts';

/** What a Python function has to run on. */
export function pythonPlatform(version = '3.12', arch: Arch = 'x64'): Platform {
  return { runtime: findRuntime(`python${version}`), os: 'linux', arch, libc: 'glibc' };
}

/** A Python function as config would resolve it, all defaults. */
export function makePythonFunction(
  root: string,
  overrides: Partial<ResolvedFunction> = {},
): ResolvedFunction {
  return makeFunction(root, { platform: pythonPlatform(), entry: `${root}/app.py`, ...overrides });
}
