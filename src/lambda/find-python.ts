import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import { exec } from '../util/exec.ts';
import { compareCodeUnits } from '../util/path.ts';

/** A Python that is installed here. */
export interface FoundPython {
  /** The interpreter itself, not a script before it. */
  readonly path: string;
  /** Such as `3.12.1`. */
  readonly version: string;
  /** Folders that hold its library. */
  readonly prefixes: readonly string[];
}

const ASK = `
import json, os, sys
prefixes = sorted({sys.base_prefix, sys.base_exec_prefix, sys.prefix, os.path.dirname(os.path.dirname(os.__file__))})
print(json.dumps({"path": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3], "prefixes": prefixes}))
`;

export interface FindPythonOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** The path of an installed Python of a minor version, such as `3.12`; null where there is none. */
export async function findPython(version: string, options: FindPythonOptions): Promise<string | null> {
  return (await describePython(version, options))?.path ?? null;
}

/** Finds an installed Python of a minor version on the PATH, among those of pyenv and those of uv; null where there is none. */
export async function describePython(
  version: string,
  options: FindPythonOptions,
): Promise<FoundPython | null> {
  const names = [`python${version}`, ...(await listPyenv(version)), 'python3', 'python'];
  for (const name of names) {
    const found = await ask(name, options);
    if (found?.version.startsWith(`${version}.`)) return found;
  }
  const ofUv = await askUv(version, options);
  return ofUv === null ? null : ask(ofUv, options);
}

/** The Pythons 3 that are installed here, for work that does not hang on the version: those of `version` first. */
export async function* describeAnyPython(
  version: string,
  options: FindPythonOptions,
): AsyncGenerator<FoundPython> {
  const first = await describePython(version, options);
  if (first) yield first;
  const seen = new Set([first?.path]);
  for (const name of ['python3', 'python', 'py', ...OTHER_MINORS.map(minor => `python3.${minor}`)]) {
    const found = await ask(name, options);
    if (!found?.version.startsWith('3.') || seen.has(found.path)) continue;
    seen.add(found.path);
    yield found;
  }
}

/** Minor versions whose pip knows the flags for another platform well, the newest first. */
const OTHER_MINORS = [14, 13, 12, 11, 10, 9];

/** A shim of pyenv on the PATH refuses every version that is not switched on. */
async function listPyenv(version: string): Promise<readonly string[]> {
  const folder = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  // It may be that of another user, as after `sudo -E`.
  const found = await readdir(folder).catch((): readonly string[] => []);
  const fitting = found.filter(name => name.startsWith(`${version}.`)).sort(compareCodeUnits);
  return fitting.map(name => join(folder, name, 'bin', `python${version}`));
}

/** Asks for what is installed only; uv would fetch it otherwise. */
async function askUv(version: string, options: FindPythonOptions): Promise<string | null> {
  const path = await tryRun('uv', ['python', 'find', '--no-python-downloads', version], options);
  return path?.trim() || null;
}

async function ask(name: string, options: FindPythonOptions): Promise<FoundPython | null> {
  const answer = await tryRun(name, ['-I', '-c', ASK], options);
  try {
    return answer === null ? null : (JSON.parse(answer) as FoundPython);
  } catch {
    return null;
  }
}

async function tryRun(
  name: string,
  args: readonly string[],
  options: FindPythonOptions,
): Promise<string | null> {
  try {
    return (await exec(name, args, options)).stdout;
  } catch (error) {
    if (error instanceof SlimError && error.code === 'CANCELLED') throw error;
    return null;
  }
}
