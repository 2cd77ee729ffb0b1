import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import { exec } from '../util/exec.ts';
import { orNull } from '../util/fs.ts';
import { compareCodeUnits } from '../util/path.ts';

const ASK = 'import sys; print("%d.%d" % sys.version_info[:2]); print(sys.executable)';

export interface FindPythonOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** Finds an installed Python of a minor version, such as `3.12`, on the PATH or among those of pyenv; null where there is none. */
export async function findPython(version: string, options: FindPythonOptions): Promise<string | null> {
  const names = [`python${version}`, 'python3', 'python', ...(await listPyenv(version))];
  for (const name of names) {
    const answer = await ask(name, options);
    const [found, path] = answer?.split('\n') ?? [];
    if (found === version && path) return path.trim();
  }
  return null;
}

/** A shim of pyenv on the PATH refuses every version that is not switched on. */
async function listPyenv(version: string): Promise<readonly string[]> {
  const folder = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const found = (await orNull(readdir(folder))) ?? [];
  const fitting = found.filter(name => name.startsWith(`${version}.`)).sort(compareCodeUnits);
  return fitting.map(name => join(folder, name, 'bin', `python${version}`));
}

async function ask(name: string, options: FindPythonOptions): Promise<string | null> {
  try {
    return (await exec(name, ['-I', '-c', ASK], options)).stdout;
  } catch (error) {
    if (error instanceof SlimError && error.code === 'CANCELLED') throw error;
    return null;
  }
}
