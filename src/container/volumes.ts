import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SlimError } from '../errors.ts';
import { PLACES } from './build-types.ts';
import { checkAlive } from './check-alive.ts';
import type { Image } from './find-image.ts';
import { makeOwnName, OWN_LABELS, removeContainer, removeVolume } from './owner-labels.ts';
import { GUARD, startGuard } from './start-guard.ts';
import type { Engine } from './types.ts';

const MADE_LABEL = 'io.lambda-slim.scratch';

/** As long as a person may come back to a lockfile, s. */
const KEPT_SECONDS = 14 * 24 * 3600;

const inspected = z.array(z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() }));

/** Names the volume in which runs of the same content for the same image and user keep what the next one can use. */
export function nameScratch(
  key: string,
  { id, platform }: Pick<Image, 'id' | 'platform'>,
  user: string,
): string {
  const digest = createHash('sha256').update([key, id, platform, user].join('\0')).digest('hex');
  return `lambda-slim-scratch-${digest.slice(0, 24)}`;
}

/** Makes the volume, or leaves it as it is; its label says when it was made. */
export async function openScratch(engine: Engine, name: string): Promise<void> {
  const volumes = await engine.run('list volumes', ['volume', 'ls', '--quiet', '--filter', `name=${name}`]);
  if (volumes.split('\n').includes(name)) return;
  const made = `${MADE_LABEL}=${Math.floor(Date.now() / 1000)}`;
  await engine.run('make a volume', ['volume', 'create', '--label', made, name]);
}

/** Removes the scratch volumes that are too old, except those that a container uses. */
export async function removeOldScratches(engine: Engine): Promise<void> {
  const list = await engine.run('list volumes', [
    'volume',
    'ls',
    '--quiet',
    '--filter',
    `label=${MADE_LABEL}`,
  ]);
  const names = list.split('\n').filter(name => name.startsWith('lambda-slim-scratch-'));
  if (names.length === 0) return;
  const text = await engine.run('look at volumes', ['volume', 'inspect', ...names]);
  const least = Date.now() / 1000 - KEPT_SECONDS;
  for (const { Name, Labels } of inspected.parse(JSON.parse(text)))
    if (Number(Labels?.[MADE_LABEL]) < least) await removeVolume(engine, Name);
}

/** Makes an empty volume of this process. */
export async function makeVolume(engine: Engine): Promise<string> {
  const name = makeOwnName();
  const labels = OWN_LABELS.flatMap(label => ['--label', label]);
  await engine.run('make a volume', ['volume', 'create', ...labels, name]);
  return name;
}

/**
 * Copies a folder into a volume as a tar stream, through a container of its own, since others see the volume
 * read-only. There, all
 * of it belongs to root and can be read by everybody, whatever the umask here.
 */
export async function fillVolume(
  engine: Engine,
  image: Image,
  volume: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const helper = makeOwnName();
  let isUp = false;
  try {
    await engine.run('make a container to copy with', [
      ...['create', '--interactive', '--stop-signal', 'SIGKILL', '--name', helper],
      ...OWN_LABELS.flatMap(label => ['--label', label]),
      ...['--platform', image.platform, '--network', 'none', '--user', '0:0'],
      ...['--volume', `${volume}:${PLACES.in}`, '--entrypoint', '/bin/sh', image.name, ...GUARD],
    ]);
    await startGuard(engine, helper, image, signal);
    isUp = true;
    const copy = ['cp', `${folder}/.`, `${helper}:${PLACES.in}`];
    await engine.run('copy the sources to the container', copy, signal);
    const open = ['exec', '--user', '0:0', helper, 'chmod', '-R', 'u=rwX,go=rX', PLACES.in];
    await engine.run('make the sources readable', open, signal);
  } catch (error) {
    const isRun = error instanceof SlimError && error.code === 'CONTAINER_FAILED' && isUp;
    if (isRun) await checkAlive({ engine, container: helper, memory: '' }, 'cp', 1);
    throw error;
  } finally {
    await removeContainer(engine, helper);
  }
}
