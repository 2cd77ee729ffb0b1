import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Engine } from './types.ts';

const OWNER_LABEL = 'io.lambda-slim.owner';

/** What is ours at an engine. */
export const OWN_LABELS: readonly string[] = [`${OWNER_LABEL}=${nameOwner()}`];

/** As long as anybody may need what does not run, s. */
const KEPT_SECONDS = 24 * 3600;

/** A name that says which process it belongs to, and since when. */
export function makeOwnName(): string {
  return `lambda-slim-${process.pid}-${now()}-${randomBytes(6).toString('hex')}`;
}

/** Removes what processes of this machine left behind that were killed, and what is old and does not run, whose ever it was. */
export async function removeLeftovers(engine: Engine): Promise<void> {
  const listing = ['ps', '--all', '--format', '{{.Names}}'];
  const list = async (task: string, args: readonly string[], filter: string): Promise<readonly string[]> =>
    (await engine.run(task, [...args, '--filter', filter])).split('\n');
  const own = `label=${OWN_LABELS[0]}`;
  for (const name of (await list('list containers', listing, own)).filter(isOfDead))
    await removeContainer(engine, name);
  const stopped = [...listing, '--filter', 'status=exited', '--filter', 'status=created'];
  for (const name of (await list('list containers', stopped, `label=${OWNER_LABEL}`)).filter(isOld))
    await removeContainer(engine, name);
  const volumes = ['volume', 'ls', '--quiet'];
  for (const name of (await list('list volumes', volumes, own)).filter(isOfDead))
    await removeVolume(engine, name);
  // Not by force, which with some engines ends who uses it.
  for (const name of (await list('list volumes', volumes, `label=${OWNER_LABEL}`)).filter(isOld))
    await engine.run('remove the volume', ['volume', 'rm', name]).catch(() => {});
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

/**
 * Names the realm in which numbers of processes tell one from another: hosts can have the same name, and share an engine. On Linux
 * it is a namespace of a kernel that was started once; elsewhere the host.
 */
function nameOwner(): string {
  const facts = [hostname(), read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())];
  const namespace = read(() => readlinkSync('/proc/self/ns/pid'));
  return createHash('sha256')
    .update([...facts, namespace].join('\0'))
    .digest('hex')
    .slice(0, 24);
}

/** Empty where there is no such thing. */
function read(look: () => string): string {
  try {
    return look();
  } catch {
    return '';
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function isOfDead(name: string): boolean {
  const pid = Number(/^lambda-slim-(\d+)-/.exec(name)?.[1] ?? 0);
  return pid > 0 && !isAlive(pid);
}

function isOld(name: string): boolean {
  const made = Number(/^lambda-slim-\d+-(\d+)-/.exec(name)?.[1] ?? 0);
  return made > 0 && made < now() - KEPT_SECONDS;
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
