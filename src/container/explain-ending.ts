import { SlimError } from '../errors.ts';
import type { ContainerStep } from './build-types.ts';
import { checkAlive } from './check-alive.ts';
import { isNoSpace } from './explain-engine-error.ts';
import { lastLines } from './last-lines.ts';
import type { Build } from './open-build.ts';

/** How runc, crun and engines say that a program is not in the image. */
const NOT_FOUND =
  /exec: "[^"]*": (?:executable file not found|stat [^\n]*no such file)|executable file `[^`]*` not found|OCI runtime attempted to invoke a command that was not found/;

/** Throws where a step failed for a reason of its surroundings: the engine, the container, its memory, its disk, or a tool that is not there. */
export async function explainEnding(
  build: Build,
  { command }: ContainerStep,
  exitCode: number,
  output: string,
): Promise<void> {
  build.signal.throwIfAborted();
  const [program] = command;
  const line = command.join(' ');
  await checkAlive(build, line, exitCode);
  if (await hasRunOut(build)) throw new SlimError('CONTAINER_OUT_OF_MEMORY', [line, build.memory]);
  if ((exitCode === 126 || exitCode === 127) && NOT_FOUND.test(output))
    throw new SlimError('CONTAINER_TOOL_MISSING', [build.image.name, program]);
  if (isNoSpace(output)) throw new SlimError('CONTAINER_NO_SPACE', [`run ${program}`, lastLines(output)]);
}

/** The kernel counts, in both versions of control groups, the processes of a container that it killed for their memory. */
async function hasRunOut({ exec }: Build): Promise<boolean> {
  const files = ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'];
  const { output } = await exec({ command: ['cat', ...files], user: '0:0', cwd: '/', env: {} });
  return /^oom_kill [1-9]/m.test(output);
}
