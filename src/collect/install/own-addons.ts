import { posix } from 'node:path';
import fastGlob from 'fast-glob';
import { compareCodeUnits } from '../../util/path.ts';

/** Packages of the project itself that node-gyp compiles: workspaces, and folders that `file:` names. */
export interface OwnAddons {
  /** Their folders, relative to the install root. */
  readonly folders: readonly string[];
  /** All that they are compiled from, likewise. */
  readonly files: readonly string[];
}

export const NO_ADDONS: OwnAddons = { folders: [], files: [] };

/** What is installed, what was made from the sources, and what we write. */
const NO_SOURCES = ['**/node_modules/**', '**/lambda-slim-out/**', '*/**/build/{Debug,Release}/**'];

/** Finds the folders below the install root that have a `binding.gyp` and a package.json. Files with a dot in front, which may hold secrets, are no sources. */
export async function findOwnAddons(installRoot: string): Promise<OwnAddons> {
  const options = { cwd: installRoot, followSymbolicLinks: false, ignore: NO_SOURCES };
  const found = await fastGlob(['*/**/binding.gyp', '*/**/package.json'], options);
  const folders = found
    .filter(path => posix.basename(path) === 'binding.gyp')
    .map(path => posix.dirname(path))
    .filter(folder => found.includes(`${folder}/package.json`))
    .sort(compareCodeUnits);
  if (folders.length === 0) return NO_ADDONS;
  const globs = folders.map(folder => `${fastGlob.escapePath(folder)}/**`);
  return { folders, files: (await fastGlob(globs, options)).sort(compareCodeUnits) };
}
