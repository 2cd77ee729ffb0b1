import { mkdir } from 'node:fs/promises';
import type { Context } from '../types.ts';
import { type ContainerResult, type ContainerRun, type ContainerStep, PLACES } from './build-types.ts';
import { checkAlive } from './check-alive.ts';
import { explainEnding } from './explain-ending.ts';
import { formatByHand } from './format-by-hand.ts';
import { type Build, withBuild } from './open-build.ts';
import { takeAwaySecrets } from './put-secrets.ts';

/**
 * Runs steps in an image, on a copy of the sources. All goes in and comes out as tar streams, so that it is the same with engines on
 * other machines. Throws the codes `CONTAINER_…` where a step could not run or was kept from its end, and `CANCELLED`; a step that
 * failed by itself is a result.
 */
export function runInContainer(run: ContainerRun, context: Context): Promise<ContainerResult> {
  return withBuild(run, context, async build => {
    const outputs: string[] = [];
    let { env } = build;
    for (const step of run.steps) {
      if (step.withoutCredentials && env !== build.openEnv) {
        await takeAwaySecrets(build, run.credentials.open);
        env = build.openEnv;
      }
      const { exitCode, output } = await runStep(build, step, env, context);
      if (exitCode !== 0) {
        await explainEnding(build, step, exitCode, output);
        const byHand = build.mask(formatByHand(run, step));
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
  shared: Build['env'],
  { progress }: Context,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const { exitCode, output } = await build.exec({
    command,
    user: build.user,
    cwd: cwd ?? PLACES.work,
    env: { ...shared, ...env },
    onLine: line => {
      if (isOfUse(line)) progress.say?.(`container | ${build.mask(line)}`);
    },
  });
  return { exitCode, output: output.split('\n').filter(isOfUse).map(build.mask).join('\n') };
}

/** npm tells of its logs, which nobody can open and which are not written. */
function isOfUse(line: string): boolean {
  return !/^npm \S+\s+(?:A complete log of this run can be found in|Log files were not written|\S*\/_logs\/)/.test(
    line,
  );
}

/** Files become those of who runs the engine's program, which is us. */
async function takeOut(build: Build, folder: string): Promise<void> {
  const { engine, container, signal } = build;
  await mkdir(folder, { recursive: true });
  const args = ['cp', `${container}:${PLACES.out}/.`, folder];
  const task = 'copy the results from the container';
  await engine.run(task, args, signal).catch(async (error: unknown) => {
    await checkAlive(build, task, 1);
    throw error;
  });
}
