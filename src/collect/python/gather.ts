import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { SlimError } from '../../errors.ts';
import type { Context, ResolvedFunction } from '../../types.ts';
import { toPosix } from '../../util/path.ts';
import { installPython } from './install/install-python.ts';
import { chooseBase } from './own/choose-base.ts';
import { findProject } from './project/find-project.ts';
import type { PythonProject } from './project/types.ts';

/** The two folders that become one on Lambda: the user's own code, and what it requires. */
export interface Gathered {
  /** The folder of own code that is the root of the artifact. */
  readonly base: string;
  /** The entry from there. */
  readonly entry: string;
  /** Lambda's `Handler` setting. */
  readonly handler: string;
  /** Null where the function requires nothing. */
  readonly project: PythonProject | null;
  /** The folder that was installed into; an empty one where nothing was. */
  readonly installDir: string;
  /** The folder of system libraries that came from an image; null where there are none. */
  readonly libraries: string | null;
}

/** Finds the root of the own code and installs what it requires for the target. */
export async function gather(fn: ResolvedFunction, context: Context): Promise<Gathered> {
  const base = await chooseBase(fn.root, fn.entry);
  const entry = toPosix(relative(base, fn.entry));
  const module = entry.replace(/\.py$/, '').replace(/\/__init__$/, '');
  if (module.includes('.'))
    throw new SlimError('ARTIFACT_PATH', [entry, 'it has a dot, so no Handler setting could name it']);
  const project = withoutElsewhere(await findProject(fn, context), fn);
  const { dir: installDir, libraries } = project?.requirements.length
    ? await installPython(project, fn, context)
    : { dir: join(context.workDir, 'nothing-installed'), libraries: null };
  await mkdir(installDir, { recursive: true });
  return { base, entry, handler: `${module}.${fn.handlerExport}`, project, installDir, libraries };
}

/** Leaves out what an image has; installing it would only fetch it for nothing. */
function withoutElsewhere(project: PythonProject | null, { python }: ResolvedFunction): PythonProject | null {
  const { elsewhere = [] } = python;
  if (project === null || elsewhere.length === 0) return project;
  const requirements = project.requirements.filter(({ name }) => name === null || !elsewhere.includes(name));
  return { ...project, requirements };
}
