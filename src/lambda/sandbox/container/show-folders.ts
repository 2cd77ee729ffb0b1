import { join } from 'node:path';
import { makeOwnName, OWN_LABELS, removeContainer, removeVolume } from '../../../container/owner-labels.ts';
import type { Engine } from '../../../container/types.ts';
import type { SandboxSpec } from '../../types.ts';
import { mergeFolders } from '../merge-folders.ts';

/** A folder of this machine under its path in the container. */
interface Shown {
  readonly folder: string;
  readonly path: string;
  readonly writable: boolean;
}

/** Folders that containers can be shown. */
export interface ShownFolders {
  /** Options of `create`. */
  readonly mounts: readonly string[];
  close(): Promise<void>;
}

/** Makes code, layers, the EFS folder and what else is visible ready to be shown; they are copied to an engine far away. */
export async function showFolders(
  engine: Engine,
  image: string,
  spec: SandboxSpec,
  dir: string,
  signal: AbortSignal,
): Promise<ShownFolders> {
  const shown = await listShown(spec, dir, signal);
  if (engine.place.kind !== 'far') return { mounts: shown.flatMap(bind), close: async () => {} };
  const volumes: string[] = [];
  const close = async (): Promise<void> => {
    for (const volume of volumes) await removeVolume(engine, volume);
  };
  try {
    const mounts: string[] = [];
    for (const { folder, path, writable } of shown) {
      if (writable) spec.onLog(`Note: what is written to ${path} stays on ${engine.place.endpoint}.\n`);
      const volume = makeOwnName();
      volumes.push(volume);
      await fillVolume(engine, image, volume, folder, signal);
      mounts.push('--volume', `${volume}:${path}:${writable ? 'rw' : 'ro'},nocopy`);
    }
    return { mounts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listShown(spec: SandboxSpec, dir: string, signal: AbortSignal): Promise<readonly Shown[]> {
  const [layer, ...others] = spec.layers;
  const opt = others.length === 0 ? layer : join(dir, 'opt');
  if (opt !== undefined && opt !== layer) await mergeFolders(spec.layers, opt, signal);
  return [
    { folder: spec.code, path: '/var/task', writable: spec.writableCode ?? false },
    ...(opt === undefined ? [] : [{ folder: opt, path: '/opt', writable: false }]),
    ...(spec.mount ? [{ folder: spec.mount.folder, path: spec.mount.path, writable: false }] : []),
    ...spec.visible.map(({ folder, writable }) => ({ folder, path: folder, writable })),
  ];
}

function bind({ folder, path, writable }: Shown): readonly string[] {
  const fields = ['type=bind', `source=${folder}`, `target=${path}`, ...(writable ? [] : ['readonly'])];
  return ['--mount', fields.map(quoteField).join(',')];
}

/** Engines read the option as a line of CSV, and paths may have commas. */
function quoteField(field: string): string {
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** A volume can be filled through a container that never runs. */
async function fillVolume(
  engine: Engine,
  image: string,
  volume: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const labels = OWN_LABELS.flatMap(label => ['--label', label]);
  await engine.run('make a volume', ['volume', 'create', ...labels, volume]);
  const helper = makeOwnName();
  try {
    const args = ['create', '--name', helper, ...labels, '--volume', `${volume}:/filled:nocopy`];
    await engine.run('make a container to copy with', [...args, '--entrypoint', '/bin/sh', image]);
    await engine.run('copy the function to it', ['cp', `${folder}/.`, `${helper}:/filled`], signal);
  } finally {
    await removeContainer(engine, helper);
  }
}
