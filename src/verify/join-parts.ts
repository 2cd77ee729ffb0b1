import { constants } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT_VARIABLE } from '../bundle/run-environment.ts';
import type { LocalSettings } from '../lambda/types.ts';

/**
 * For a function whose packages lie on a mount: copies all of it into the one folder `dir`, once, and gives that. What lies beside the
 * handler is found first, so a function there has no need of the mount. Undefined for others.
 */
export function joinerFor(
  { code, mount, environment }: LocalSettings,
  dir: string,
): (() => Promise<string>) | undefined {
  const root = environment[ROOT_VARIABLE];
  if (!mount || !root?.startsWith(`${mount.path}/`)) return undefined;
  const release = join(mount.folder, root.slice(mount.path.length));
  let joined: Promise<string> | undefined;
  const copy = async (): Promise<string> => {
    for (const part of [release, code])
      await cp(part, dir, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
    return dir;
  };
  return () => {
    joined ??= copy();
    return joined;
  };
}
