import { setTimeout as delay } from 'node:timers/promises';
import { SlimError } from '../errors.ts';
import { readBuildState } from './container-state.ts';
import type { Build } from './open-build.ts';

/** An engine that stops ends its containers first, and answers for a moment, ms. */
const MOMENT_MS = 2000;

/** Exit code of what was killed. */
const KILLED = 137;

/** Until the engine knows that it was the container, ms. */
const SETTLED_MS = 500;

/** Throws where the container is no longer there to run `command`, which ended with an exit code: `CONTAINER_ENGINE_DOWN`, `CONTAINER_OUT_OF_MEMORY`, `CONTAINER_KILLED`. */
export async function checkAlive(
  { engine, container, memory }: Pick<Build, 'engine' | 'container' | 'memory'>,
  command: string,
  exitCode: number,
): Promise<void> {
  if (exitCode === KILLED) await delay(SETTLED_MS);
  const state = await readBuildState(engine, container);
  if (state?.Running) return;
  if (state?.OOMKilled) throw new SlimError('CONTAINER_OUT_OF_MEMORY', [command, memory]);
  await delay(MOMENT_MS);
  await readBuildState(engine, container);
  const reason = state ? `exit code ${state.ExitCode}` : 'it is gone';
  throw new SlimError('CONTAINER_KILLED', [command, reason]);
}
