import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Engine } from '../../../container/types.ts';
import type { SandboxExit } from '../../types.ts';

const state = z.object({
  Status: z.string(),
  Pid: z.number().default(0),
  StartedAt: z.string().default(''),
  ExitCode: z.number(),
  OOMKilled: z.boolean().default(false),
  Error: z.string().default(''),
});
export type ContainerState = z.infer<typeof state>;

/** What Docker and Podman call a container that has not begun. */
const NOT_YET = /^(?:created|configured|initialized)$/i;

/** Exit code of what was ended by SIGKILL. */
const KILLED = 137;

/** What a shell makes of a child that ended by one of these; hardly anything ends itself with such a code. */
const CRASHES: Readonly<Record<number, string>> = {
  132: 'SIGILL',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  139: 'SIGSEGV',
};

/** Between two looks, ms. */
const PAUSE_MS = 20;

/** Null where there is no such container. */
export async function readState(engine: Engine, name: string): Promise<ContainerState | null> {
  const args = ['inspect', '--type', 'container', '--format', '{{json .State}}', name];
  const text = await engine.run('look at the container', args).catch(() => null);
  return text === null ? null : state.parse(JSON.parse(text));
}

/** Looks until the container runs, or has run, or `isOver` says that it never will. */
export async function waitUntilRunning(
  engine: Engine,
  name: string,
  isOver: () => boolean,
): Promise<ContainerState | null> {
  for (;;) {
    const over = isOver();
    const found = await readState(engine, name);
    if (!found || over || !NOT_YET.test(found.Status)) return found;
    await delay(PAUSE_MS);
  }
}

/** When a container on this kernel began, by `performance.now()`; null where it is not told. */
export function startOf({ StartedAt }: ContainerState): number | null {
  const began = Date.parse(StartedAt);
  // What never began has a date of the year 1.
  return began > 0 ? performance.now() - Math.max(0, Date.now() - began) : null;
}

/** Podman and Finch do not always tell; but hardly anything else kills the function and leaves the container to itself. */
export function isOutOfMemory({ name }: Engine, last: ContainerState | null): boolean {
  return last !== null && (last.OOMKilled || (name !== 'docker' && last.ExitCode === KILLED));
}

/** Says in the words of sandboxes how a container ended, by its first and its last state; null is one that was removed. */
export function toExit(
  first: ContainerState | null,
  last: ContainerState | null,
  reason: string,
): SandboxExit {
  const begun = last ?? first;
  // Some engines say nothing themselves; what they start cannot become the first program.
  const isForeign = /exec \/bin\/sh: exec format error/i.test(reason);
  if (begun?.Error !== '' || NOT_YET.test(begun.Status) || isForeign)
    return { kind: 'not-started', reason: describeStart(begun?.Error || reason || 'the container is gone') };
  if (!last) return { kind: 'exit', code: null, signal: 'SIGKILL' };
  const signal = CRASHES[last.ExitCode] ?? null;
  return { kind: 'exit', code: signal === null ? last.ExitCode : null, signal };
}

/** What the kernel says of a program for another CPU helps nobody. */
function describeStart(reason: string): string {
  if (!/exec format error/i.test(reason)) return reason;
  return `${reason} (the image is for another CPU; to run it here, QEMU has to be registered: docker run --privileged --rm tonistiigi/binfmt --install all)`;
}
