import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findEngine } from '../../../container/find-engine.ts';
import { findImage, type Image } from '../../../container/find-image.ts';
import {
  makeOwnName,
  OWN_LABELS,
  removeContainer,
  removeLeftovers,
} from '../../../container/owner-labels.ts';
import type { Engine } from '../../../container/types.ts';
import { writeEnvFile } from '../../../container/write-env-file.ts';
import { SlimError } from '../../../errors.ts';
import type { Places, Sandbox, SandboxCommand, SandboxHost, SandboxImage, SandboxSpec } from '../../types.ts';
import { listCreateArgs } from './list-create-args.ts';
import { nameImage } from './name-image.ts';
import { openReach, type Reach } from './open-reach.ts';
import { type ShownFolders, showFolders } from './show-folders.ts';
import { startContainer } from './start-container.ts';

const PLACES: Places = { task: '/var/task', opt: '/opt', runtime: '/var/runtime', tmp: '/tmp' };

/** All that containers of one host share. */
interface Opened {
  readonly engine: Engine;
  readonly image: Image;
  readonly folders: ShownFolders;
  readonly reach: Reach;
  readonly dir: string;
}

/**
 * Runs sandboxes as containers of Lambda's own image, with the runtime and the runtime client that are in it; the interpreter and
 * the arguments of a command are not used. Throws the codes `CONTAINER_…`, `CANCELLED`.
 */
export async function openContainerHost(spec: SandboxSpec, signal: AbortSignal): Promise<SandboxHost> {
  if (!spec.image) throw new Error('A container needs to be told its image');
  const engine = await findEngine({ env: spec.image.hostEnv, signal });
  // What cannot be taken away now is in nobody's way, and is tried again next time.
  await removeLeftovers(engine).catch(() => {});
  const image = await findImage(engine, nameOf(spec.image), spec.image.arch, { onNote: spec.onLog, signal });
  const reach = await openReach(engine);
  const dir = await mkdtemp(join(spec.workDir, 'container-'));
  try {
    const folders = await showFolders(engine, image.name, spec, dir, signal);
    const opened: Opened = { engine, image, folders, reach, dir };
    return {
      isolation: {
        kind: 'container',
        memory: engine.place.kind === 'here' ? 'polled' : 'cgroup',
        tmp: 'tmpfs',
        readOnlyCode: !spec.writableCode,
      },
      places: PLACES,
      start: command => start(opened, spec, command, signal),
      close: () => close(opened),
    };
  } catch (error) {
    await reach.close();
    await rm(dir, { recursive: true, force: true });
    throw signal.aborted ? new SlimError('CANCELLED', [], { cause: error }) : error;
  }
}

function nameOf({ name, runtime, arch }: SandboxImage): string {
  return name ?? nameImage(runtime, arch);
}

async function start(
  { engine, image, folders, reach, dir }: Opened,
  spec: SandboxSpec,
  command: SandboxCommand,
  signal: AbortSignal,
): Promise<Sandbox> {
  const name = makeOwnName();
  const envFile = join(dir, `${name}.env`);
  const address = command.env.AWS_LAMBDA_RUNTIME_API;
  const api = address === undefined ? {} : { AWS_LAMBDA_RUNTIME_API: await reach.address(address) };
  const passedOn = dropOwn(await writeEnvFile(envFile, { ...command.env, ...api }), engine, spec);
  const plan = {
    ...{ name, labels: OWN_LABELS, image, mounts: folders.mounts, network: reach.network, envFile },
    passedOn: Object.keys(passedOn),
    user: findUser(engine),
    handler: command.env._HANDLER ?? '',
  };
  try {
    await engine.run('make the container', listCreateArgs(plan, spec), undefined, passedOn);
    if (signal.aborted) throw new SlimError('CANCELLED', []);
    return await startContainer(engine, name, spec);
  } catch (error) {
    await removeContainer(engine, name);
    throw error;
  } finally {
    await rm(envFile, { force: true });
  }
}

/** What the engine's program needs itself cannot be passed on through it. */
function dropOwn(
  variables: Readonly<Record<string, string>>,
  { env, name: program }: Engine,
  { onLog }: SandboxSpec,
): Readonly<Record<string, string>> {
  const pairs = Object.entries(variables).filter(([name]) => {
    if (env[name] === undefined) return true;
    onLog(
      `Note: ${name} has line breaks and is a variable of ${program}, too; the function does not get it.\n`,
    );
    return false;
  });
  return Object.fromEntries(pairs);
}

/** Root without capabilities could not read the files of others; where folders are not shared as they are, it is the owner of all. */
function findUser({ place, rootless }: Engine): string | null {
  if (place.kind !== 'here' || rootless || !process.getuid || !process.getgid) return null;
  return `${process.getuid()}:${process.getgid()}`;
}

async function close({ reach, folders, dir }: Opened): Promise<void> {
  await reach.close();
  await folders.close();
  await rm(dir, { recursive: true, force: true });
}
