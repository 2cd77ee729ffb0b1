import { join } from 'node:path';
import { SlimError } from '../../../errors.ts';
import { describeAnyPython } from '../../../lambda/find-python.ts';
import type { Context, Runtime } from '../../../types.ts';
import { readOwnManifest } from '../../../util/own-manifest.ts';
import { runTool } from './run-tool.ts';
import { pipEnv, uvEnv } from './tool-env.ts';

/** How to run pip: what comes before its own arguments is the environment for markers, or `-`. */
export interface Pip {
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
}

export interface Uv {
  readonly command: string;
  readonly version: string;
  /** The Python that it may use for its own needs; null leaves the choice to it. */
  readonly python: string | null;
}

export interface Tools {
  readonly uv: Uv | null;
  readonly pip: Pip;
}

const SCRIPT = join('src', 'collect', 'python', 'install', 'pip_for_target.py');

const found = new Map<string, Promise<Tools>>();

/**
 * Finds uv and pip. Any Python 3 may run pip, the runtime's own first. Looked for once, since that takes as long as some installations.
 * Throws `PYTHON_INSTALLER_MISSING`.
 */
export async function findTools(runtime: Runtime, context: Context): Promise<Tools> {
  const key = [runtime.version, context.env.PATH, context.env.PYENV_VERSION].join('\0');
  const tools = found.get(key) ?? lookForTools(runtime, context);
  found.set(key, tools);
  return tools.catch((error: unknown) => {
    found.delete(key);
    throw error;
  });
}

async function lookForTools(runtime: Runtime, context: Context): Promise<Tools> {
  const script = join(readOwnManifest().root, SCRIPT);
  const options = { cwd: context.cwd, env: uvEnv(context.env), signal: context.signal };
  const uvVersion = await versionOf('uv', ['--version'], options);
  const pip = await findPip(script, runtime, context);
  if (uvVersion === null && pip === null) throw new SlimError('PYTHON_INSTALLER_MISSING', []);
  if (uvVersion === null) return { uv: null, pip: pip as Pip };
  const uv = { command: 'uv', version: uvVersion, python: pip?.command ?? null };
  // uv fetches pip where the host has none.
  const args = ['run', '--no-project', '--isolated', '--quiet', '--with', 'pip', 'python', script];
  return { uv, pip: pip ?? { command: 'uv', args, version: `of uv ${uvVersion}` } };
}

async function findPip(script: string, runtime: Runtime, context: Context): Promise<Pip | null> {
  const { cwd, signal } = context;
  for await (const { path, version } of describeAnyPython(runtime.version, { cwd, signal })) {
    const options = { cwd, env: pipEnv(context.env), signal };
    const pip = await versionOf(path, [script, '-', '--version'], options);
    if (pip !== null) return { command: path, args: [script], version: `${pip} of Python ${version}` };
  }
  return null;
}

/** The version that a program prints; null where it cannot be run. */
async function versionOf(
  command: string,
  args: readonly string[],
  options: Parameters<typeof runTool>[2],
): Promise<string | null> {
  try {
    const { isDone, output } = await runTool(command, args, options);
    return isDone ? (/\d+(?:\.\d+)+/.exec(output)?.[0] ?? null) : null;
  } catch (error) {
    if (error instanceof SlimError && error.code === 'TOOL_MISSING') return null;
    throw error;
  }
}
