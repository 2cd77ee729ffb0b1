import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../../../errors.ts';
import type { Places, SandboxHost, SandboxSpec } from '../../types.ts';
import { mergeFolders } from '../merge-folders.ts';
import { listRuntimePackages } from '../runtime-folder.ts';
import { startProcess } from './start-process.ts';

/**
 * Runs sandboxes as plain processes, on any system: the code where it lies, `/opt` and `/tmp` as folders of `workDir`. An EFS
 * folder cannot be shown under its own path; a note says so. Throws `CANCELLED`.
 */
export async function openProcessHost(spec: SandboxSpec, signal: AbortSignal): Promise<SandboxHost> {
  if (spec.mount && spec.mount.path !== spec.mount.folder) {
    const { path, folder } = spec.mount;
    spec.onLog(
      `Note: without a sandbox ${path} does not exist; the files of the mount are in ${folder} only.\n`,
    );
  }
  const dir = await mkdtemp(join(spec.workDir, 'process-'));
  try {
    const places = { ...(await layOut(spec, dir, signal)), tmp: join(dir, 'tmp') };
    return {
      isolation: {
        kind: 'process',
        memory: process.platform === 'win32' ? 'none' : 'polled',
        tmp: 'folder',
        readOnlyCode: false,
      },
      places,
      async start(command) {
        if (signal.aborted) throw new SlimError('CANCELLED', []);
        await rm(places.tmp, { recursive: true, force: true });
        await mkdir(places.tmp);
        return startProcess(spec, places, command, signal);
      },
      close: () => rm(dir, { recursive: true, force: true }),
    };
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw signal.aborted ? new SlimError('CANCELLED', [], { cause: error }) : error;
  }
}

async function layOut(spec: SandboxSpec, dir: string, signal: AbortSignal): Promise<Omit<Places, 'tmp'>> {
  signal.throwIfAborted();
  const [layer, ...others] = spec.layers;
  const opt = layer !== undefined && others.length === 0 ? layer : join(dir, 'opt');
  if (opt !== layer) await mergeFolders(spec.layers, opt, signal);
  const packages = await listRuntimePackages(spec);
  if (packages.length === 0) return { task: spec.code, opt, runtime: spec.runtime };
  const runtime = join(dir, 'runtime');
  await mergeFolders([spec.runtime], runtime, signal);
  for (const { path, source } of packages) await symlink(source, join(runtime, path), 'junction');
  return { task: spec.code, opt, runtime };
}
