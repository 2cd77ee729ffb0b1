import { mkdir } from 'node:fs/promises';
import type { Context } from '../types.ts';
import { type ContainerResult, type ContainerRun, type ContainerStep, PLACES } from './build-types.ts';
import { explainEnding } from './explain-ending.ts';
import { formatByHand } from './format-by-hand.ts';
import { type Build, withBuild } from './open-build.ts';

/**
 * Runs steps in an image, on a copy of the sources. All goes in and comes out as tar streams, so that it is the same with engines on
 * other machines. Throws the codes `CONTAINER_…` where a step could not run or was kept from its end, and `CANCELLED`; a step that
 * failed by itself is a result.
 */
export function runInContainer(run: ContainerRun, context: Context): Promise<ContainerResult> {
  return withBuild(run, context, async build => {
    const outputs: string[] = [];
    for (const step of run.steps) {
      const { exitCode, output } = await runStep(build, step, context);
      if (exitCode !== 0) {
        await explainEnding(build, step, exitCode, output);
        const byHand = build.mask(formatByHand(build, run, step));
        return { kind: 'step-failed', step, exitCode, output, byHand };
      }
      outputs.push(output);
    }
    if (run.results !== null) await takeOut(build, run.results);
    return { kind: 'done', outputs };
  });
}

async function runStep(
  build: Build,
  { command, cwd, env }: ContainerStep,
  { progress }: Context,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const { exitCode, output } = await build.exec({
    command,
    user: build.user,
    cwd: cwd ?? PLACES.work,
    env: { ...build.env, ...env },
    onLine: line => progress.say?.(`container | ${build.mask(line)}`),
  });
  return { exitCode, output: output.split('\n').map(build.mask).join('\n') };
}

/** Files become those of who runs the engine's program, which is us. */
async function takeOut({ engine, container, signal }: Build, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const args = ['cp', `${container}:${PLACES.out}/.`, folder];
  await engine.run('copy the results from the container', args, signal);
}
