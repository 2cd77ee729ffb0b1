import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { orNull } from '../../util/fs.ts';
import type { SandboxSpec } from '../types.ts';

/** A path inside the folder of the bootstrap, and what of the runtime's packages is seen there. */
export interface RuntimePackage {
  readonly path: string;
  readonly source: string;
  readonly kind: 'folder' | 'file';
}

/** Where the packages that a managed runtime brings lie: in `node_modules`, or for Python beside the bootstrap, whose names win. */
export async function listRuntimePackages(spec: SandboxSpec): Promise<readonly RuntimePackage[]> {
  const { runtimePackages, interpreter, runtime } = spec;
  if (runtimePackages === null) return [];
  const isPython = /^(?:python|pypy)/.test(basename(interpreter.file));
  if (!isPython) return [{ path: 'node_modules', source: runtimePackages, kind: 'folder' }];
  const own = new Set((await orNull(readdir(runtime))) ?? []);
  const entries = (await readdir(runtimePackages, { withFileTypes: true })).filter(
    ({ name }) => !own.has(name),
  );
  return entries.map(entry => ({
    path: entry.name,
    source: join(runtimePackages, entry.name),
    kind: entry.isDirectory() ? 'folder' : 'file',
  }));
}
