import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Engine } from './types.ts';

const HOST_LABEL = 'io.lambda-slim.host';

/** What is ours at an engine. */
export const OWN_LABELS: readonly string[] = [`${HOST_LABEL}=${hostname()}`];

/** A name that says which process it belongs to. */
export function makeOwnName(): string {
  return `lambda-slim-${process.pid}-${randomBytes(6).toString('hex')}`;
}

/** Removes what processes of this machine left behind that were killed. */
export async function removeLeftovers(engine: Engine): Promise<void> {
  const filter = ['--filter', `label=${OWN_LABELS[0]}`];
  const containers = await engine.run('list containers', [
    'ps',
    '--all',
    ...filter,
    '--format',
    '{{.Names}}',
  ]);
  for (const name of namesOfDead(containers)) await removeContainer(engine, name);
  const volumes = await engine.run('list volumes', ['volume', 'ls', '--quiet', ...filter]);
  for (const name of namesOfDead(volumes)) await removeVolume(engine, name);
}

/** Kills and removes a container with all that runs in it; one that is not there is fine. */
export async function removeContainer(engine: Engine, name: string): Promise<void> {
  await engine.run('kill the container', ['kill', name]).catch(() => {});
  await engine.run('remove the container', ['rm', '--force', '--volumes', name]).catch(() => {});
}

/** Removes a volume; one that is not there is fine. */
export async function removeVolume(engine: Engine, name: string): Promise<void> {
  await engine.run('remove the volume', ['volume', 'rm', '--force', name]).catch(() => {});
}

function namesOfDead(listing: string): readonly string[] {
  return listing.split('\n').filter(name => {
    const pid = Number(/^lambda-slim-(\d+)-/.exec(name)?.[1] ?? 0);
    return pid > 0 && !isAlive(pid);
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may belong to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
