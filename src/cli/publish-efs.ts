import { join } from 'node:path';
import { buildFunction } from '../build-function.ts';
import { loadConfig } from '../config/load-config.ts';
import { SlimError } from '../errors.ts';
import type { EfsSubject } from '../publish/efs/resolve-efs.ts';
import type { Package, PublishConfig, PublishWishes } from '../publish-types.ts';
import type { Context } from '../types.ts';
import type { Io } from './io.ts';
import { type Chosen, toPackage } from './publish-subject.ts';
import { readEvent } from './read-event.ts';

/** What an artifact left to a file system, for publishing; null where it left nothing. */
export async function openEfsSubject(
  { bundle }: Chosen,
  { efs }: PublishConfig,
  sample: string | undefined,
  context: Context,
  io: Io,
): Promise<EfsSubject | null> {
  if (bundle === null) return null;
  const { openBundle } = await import('../publish/efs/open-bundle.ts');
  return {
    bundle: await openBundle(bundle.path, efs?.via ?? 'sync', context),
    // A manifest has only those that name the release.
    environment: { ...bundle.environment, ...efs?.environment },
    sample: sample === undefined ? null : await readEvent(sample, io),
  };
}

/** What was built for a file system is published for one; its zip alone would lack its packages. Throws `USAGE` for another target. */
export function withBuiltTarget(wishes: PublishWishes, { bundle }: Chosen): PublishWishes {
  const { target } = wishes.config;
  if (bundle === null || target === 'efs') return wishes;
  if (target !== undefined)
    throw new SlimError('USAGE', [
      `the zip was built for a file system, and cannot be published as ${target}`,
      'lambda-slim publish',
      null,
    ]);
  return { ...wishes, config: { ...wishes.config, target: 'efs' } };
}

/** Builds the function that syncs. */
export async function buildSyncFunction(context: Context): Promise<Package> {
  const args = { function: ['efs-sync'], target: 'zip' } as const;
  const { functions } = await loadConfig(context.cwd, args, {});
  const [fn] = functions;
  if (fn === undefined) throw new Error('lambda-slim brings the function that syncs with it');
  const built = await buildFunction(fn, join(context.workDir, 'efs-sync.zip'), context);
  if (built.artifact === null) throw new Error('a build gives an artifact');
  return toPackage(built.artifact);
}
