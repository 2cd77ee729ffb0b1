import { join } from 'node:path';
import fastGlob from 'fast-glob';
import type { Context, Entry, Origin, ResolvedFunction } from '../../types.ts';
import { toArtifactPath } from '../../util/path.ts';
import { mapPool } from '../../util/pool.ts';
import type { Original } from '../collect-original.ts';
import { chooseImage } from '../install/image/choose-image.ts';
import { statFile } from '../list-files.ts';
import { sortTree } from '../sort-tree.ts';
import { toEntry } from '../to-entry.ts';
import { vendoredEntries } from '../vendored/vendored-entries.ts';
import { gather } from './gather.ts';
import { listInstalled } from './installed/list-installed.ts';
import { NEVER_GLOBS } from './left-behind.ts';
import { placeIn } from './own/own-entries.ts';

const ORIGIN: Origin = { kind: 'generated', by: 'original' };

/** Files opened at a time. */
const OPEN_FILES = 32;

/** Gathers everything of an unslimmed Python function: all that was installed, as it was, and every file of the project. */
export async function collectPythonOriginal(fn: ResolvedFunction, context: Context): Promise<Original> {
  const { base, handler, installDir, libraries } = await gather(fn, context);
  const own = await fastGlob('**', {
    cwd: fn.root,
    dot: true,
    followSymbolicLinks: false,
    ignore: [...NEVER_GLOBS],
  });
  const isNamed = (path: string): boolean => !path.includes('\uFFFD');
  const made = [
    ...(await mapPool(own.filter(isNamed), OPEN_FILES, async path =>
      atPlace(await toEntry(await statFile(join(fn.root, path)), fn.root, ORIGIN), fn.root, base),
    )),
    ...(await mapPool((await listInstalled(installDir)).filter(isNamed), OPEN_FILES, async path =>
      toEntry(await statFile(join(installDir, path)), installDir, ORIGIN),
    )),
  ];
  const found = made.filter(entry => 'kind' in entry);
  const vendored = await vendoredEntries(libraries, found, chooseImage(fn));
  const entries = [...found, ...vendored.entries];
  return { entries: sortTree({ entries, packages: [], removals: [] }).entries, handler };
}

function atPlace<T extends object>(made: Entry | T, root: string, base: string): Entry | T {
  return 'kind' in made ? { ...made, path: toArtifactPath(placeIn(root, base, made.path)) } : made;
}
