import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { delimiter, join } from 'node:path';
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

/** An environment in which pip sees one folder of wheels and nothing else, and uv is not found. */
export function offlineEnv(wheels: string): Readonly<Record<string, string | undefined>> {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:PIP|UV)_/.test(name));
  const path = (process.env.PATH ?? '').split(delimiter).filter(dir => !existsSync(join(dir, 'uv')));
  return {
    ...Object.fromEntries(own),
    PATH: path.join(delimiter),
    PIP_CONFIG_FILE: devNull,
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: wheels,
  };
}
