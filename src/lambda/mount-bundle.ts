import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolderSource } from '../bundle/folder-source.ts';
import { inflate } from '../bundle/inflate.ts';
import { runEnvironment } from '../bundle/run-environment.ts';
import { syncBundle } from '../bundle/sync/sync-bundle.ts';
import type { Mount } from './types.ts';

export interface BundleToMount {
  /** Folder of the bundle; absolute. */
  readonly path: string;
  /** Where the function sees the store: `/mnt/ml/classify`. */
  readonly store: string;
  /** Variables of the function; `{root}` in a value stands for the folder of the release. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface MountedBundle {
  readonly mount: Mount;
  readonly environment: Readonly<Record<string, string>>;
}

/** Syncs a bundle into `folder`, as to a file system that Lambda mounts, and where a function may write. Throws as `syncBundle` does. */
export async function mountBundle(
  { path, store, environment }: BundleToMount,
  folder: string,
  signal: AbortSignal,
): Promise<MountedBundle> {
  const [, mount = store, below = ''] = /^(\/mnt\/[^/]+)\/(.+)$/.exec(store) ?? [];
  const synced = await syncBundle(openFolderSource(path), join(folder, below), { inflate, signal });
  // An access point gives what lies behind it to the function's user, whoever owns this folder here.
  await chmod(folder, 0o777);
  const root = `${store}/releases/${synced.release}`;
  return { mount: { path: mount, folder }, environment: runEnvironment(environment, root) };
}
