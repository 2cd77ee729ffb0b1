import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import { exec } from '../util/exec.ts';
import type { Engine } from './types.ts';
import { writeEnvFile } from './write-env-file.ts';

export interface ExecRequest {
  readonly command: readonly [program: string, ...args: readonly string[]];
  /** `1000:1000`. */
  readonly user: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface ExecEnd {
  readonly exitCode: number;
  /** What it printed, stdout and stderr in the order in which they came. */
  readonly output: string;
}

/**
 * Runs a program in a container that runs. Its variables go through a file in `workDir` that only we can read: they are neither on
 * a command line nor part of the container. Throws `CANCELLED`.
 */
export async function execIn(
  engine: Engine,
  container: string,
  request: ExecRequest,
  workDir: string,
): Promise<ExecEnd> {
  const { command, signal, input, onLine } = request;
  const lines: string[] = [];
  const envFile = join(workDir, `exec-${randomBytes(6).toString('hex')}.env`);
  try {
    const inherited = await writeEnvFile(envFile, request.env);
    const { args, env } = listExecArgs(
      engine,
      { ...request, interactive: input !== undefined },
      envFile,
      inherited,
    );
    const options = {
      cwd: '.',
      env,
      ...(signal ? { signal } : {}),
      ...(input === undefined ? {} : { input }),
      onLine: (line: string) => {
        lines.push(line);
        onLine?.(line);
      },
    };
    await exec(engine.name, [...args, container, ...command], options);
    return { exitCode: 0, output: lines.join('\n') };
  } catch (error) {
    const exitCode = exitCodeOf(error);
    if (exitCode === null) throw error;
    return { exitCode, output: lines.join('\n') };
  } finally {
    await rm(envFile, { force: true });
  }
}

/** The command up to the name of the container. What a file of variables cannot hold is taken from the environment of the engine's program. */
export function listExecArgs(
  { env }: Pick<Engine, 'env'>,
  { user, cwd, interactive }: Pick<ExecRequest, 'user' | 'cwd'> & { readonly interactive: boolean },
  envFile: string,
  inherited: Readonly<Record<string, string>>,
): { readonly args: readonly string[]; readonly env: Engine['env'] } {
  // What the engine's program needs itself cannot be passed on through it.
  const passed = Object.entries(inherited).filter(
    ([name, value]) => env[name] === undefined || env[name] === value,
  );
  return {
    args: [
      ...['exec', '--user', user, '--workdir', cwd, '--env-file', envFile],
      ...passed.flatMap(([name]) => ['--env', name]),
      ...(interactive ? ['--interactive'] : []),
    ],
    env: { ...env, ...Object.fromEntries(passed) },
  };
}

function exitCodeOf(error: unknown): number | null {
  if (!(error instanceof SlimError) || error.code !== 'COMMAND_FAILED') return null;
  const { cause } = error;
  const code = cause instanceof Error && 'exitCode' in cause ? cause.exitCode : undefined;
  return typeof code === 'number' ? code : 1;
}
