import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { describeContainerRun } from './collect/describe-container-run.ts';
import { nameBuildImage } from './container/name-build-image.ts';
import { withBuild } from './container/open-build.ts';
import { runShell, type Terminal } from './container/run-shell.ts';
import type { Context, ResolvedFunction } from './types.ts';

/** A person at a terminal may look around for as long as this, s. */
const DAY = 24 * 3600;

/** Opens the container in which a function's packages would be installed, and runs a shell in it. Gives its exit code. Throws the codes `CONTAINER_…`. */
export async function openContainerShell(
  fn: ResolvedFunction,
  terminal: Terminal,
  context: Context,
): Promise<number> {
  const dir = await mkdtemp(join(context.workDir, 'sources-'));
  const { steps, ...described } = await describeContainerRun(fn, dir, context);
  const { platform, install, container } = fn;
  const run = {
    ...described,
    image: typeof install.container === 'string' ? install.container : nameBuildImage(platform),
    arch: platform.arch,
    options: terminal.stdin.isTTY ? { ...container, timeoutSeconds: DAY } : container,
  };
  for (const { command } of steps) terminal.onError(`A build runs: ${command.join(' ')}`);
  return withBuild(run, context, build => runShell(build, terminal, context.workDir));
}
