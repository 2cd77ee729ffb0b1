import { describePython } from '../lambda/find-python.ts';
import type { Context } from '../types.ts';
import { exec } from '../util/exec.ts';

/** A CPython whose bytecode the runtime reads. */
export interface Compiler {
  readonly path: string;
  /** Such as `3.12.1`; another one may compile some sources to other bytes. */
  readonly version: string;
}

/**
 * What bytecode of a release starts with (Include/internal/pycore_magic_number.h of CPython, Lib/importlib/_bootstrap_external.py
 * before 3.14). Pre-releases have other ones, and so do other Pythons.
 */
export const MAGIC_NUMBERS: Readonly<Record<string, number>> = {
  '3.10': 3439,
  '3.11': 3495,
  '3.12': 3531,
  '3.13': 3571,
  '3.14': 3627,
};

const ASK = 'import importlib.util; print(int.from_bytes(importlib.util.MAGIC_NUMBER[:2], "little"))';

/** Finds a Python of a minor version, such as `3.12`, whose bytecode Lambda's reads; null where there is none. */
export async function findCompiler(
  version: string,
  { workDir, signal }: Pick<Context, 'workDir' | 'signal'>,
): Promise<Compiler | null> {
  const found = await describePython(version, { cwd: workDir, signal });
  if (!found) return null;
  const { stdout } = await exec(found.path, ['-I', '-S', '-c', ASK], { cwd: workDir, signal });
  return Number(stdout) === MAGIC_NUMBERS[version] ? { path: found.path, version: found.version } : null;
}
