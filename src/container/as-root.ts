import { SlimError } from '../errors.ts';
import { checkAlive } from './check-alive.ts';
import type { ExecRequest } from './exec-in.ts';
import type { Build } from './open-build.ts';

/** Runs a program of ours as root. `task` says in an error what it was for. Throws `CONTAINER_FAILED`, and as `checkAlive` does. */
export async function asRoot(
  build: Build,
  task: string,
  command: ExecRequest['command'],
  input?: string | Uint8Array,
): Promise<void> {
  const request = { command, user: '0:0', cwd: '/', env: {}, ...(input === undefined ? {} : { input }) };
  const { exitCode, output } = await build.exec(request);
  if (exitCode === 0) return;
  await checkAlive(build, task, exitCode);
  throw new SlimError('CONTAINER_FAILED', [build.engine.name, task, output || `exit code ${exitCode}`]);
}
