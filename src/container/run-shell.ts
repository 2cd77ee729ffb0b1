import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { PLACES } from './build-types.ts';
import { checkAlive } from './check-alive.ts';
import { listExecArgs } from './exec-in.ts';
import type { Build } from './open-build.ts';
import { writeEnvFile } from './write-env-file.ts';

/** Whoever types commands, or where they come from. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  onOut(line: string): void;
  onError(line: string): void;
}

const SHELL = 'if command -v bash >/dev/null 2>&1; then exec bash; fi; exec sh';

/**
 * Runs a shell in the container: at a terminal it is a person's; else it does what comes on stdin, and secrets in what it prints are
 * masked. Gives its exit code. Throws as `checkAlive` does.
 */
export async function runShell(build: Build, terminal: Terminal, workDir: string): Promise<number> {
  const { engine, container, signal } = build;
  const isTTY = terminal.stdin.isTTY === true;
  const envFile = join(workDir, `exec-${randomBytes(6).toString('hex')}.env`);
  try {
    const term = isTTY && engine.env.TERM ? { TERM: engine.env.TERM } : {};
    const inherited = await writeEnvFile(envFile, { ...term, ...build.env });
    const request = { user: build.user, cwd: PLACES.work, interactive: true };
    const { args, env } = listExecArgs(engine, request, envFile, inherited);
    const command = [...args, ...(isTTY ? ['--tty'] : []), container, '/bin/sh', '-c', SHELL];
    const child = spawn(engine.name, command, {
      env,
      signal,
      stdio: isTTY ? 'inherit' : 'pipe',
      windowsHide: true,
    });
    if (child.stdin) terminal.stdin.pipe(child.stdin).on('error', () => {});
    if (child.stdout) tell(child.stdout, line => terminal.onOut(build.mask(line)));
    if (child.stderr) tell(child.stderr, line => terminal.onError(build.mask(line)));
    const [code] = await once(child, 'close');
    if (code !== 0) await checkAlive(build, 'the shell', code ?? 1);
    return code ?? 1;
  } finally {
    // Else it keeps the process waiting for what nobody reads.
    if (!isTTY) terminal.stdin.destroy();
    await rm(envFile, { force: true });
  }
}

function tell(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}
