import { createHash } from 'node:crypto';
import { copyFile, lstat, mkdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import fastGlob from 'fast-glob';
import { orNull } from '../../util/fs.ts';
import { compareCodeUnits } from '../../util/path.ts';
import { LOCKFILE_NAMES } from './package-manager.ts';

/** Files that decide what an installation holds, beside the manifests of the workspace. */
const ROOT_FILES = [
  ...LOCKFILE_NAMES,
  'package.json',
  'pnpm-workspace.yaml',
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.pnpmfile.cjs',
];

/** The files an installation is made from, relative to the install root and sorted. */
export async function listManifests(installRoot: string): Promise<readonly string[]> {
  const globs = [
    'patches/**',
    '.yarn/{patches,plugins,releases}/**',
    '**/package.json',
    ...(await localTarballs(installRoot)),
  ];
  const found = await fastGlob([...ROOT_FILES, ...globs], {
    cwd: installRoot,
    dot: true,
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**', '**/.git/**', '**/lambda-slim-out/**'],
  });
  return [...new Set(found)].sort(compareCodeUnits);
}

/** `file:` dependencies that are archives inside the install root. */
async function localTarballs(installRoot: string): Promise<string[]> {
  const manifest = (await orNull(readFile(join(installRoot, 'package.json'), 'utf8'))) ?? '';
  const paths = [...manifest.matchAll(/"file:([^"]+\.tgz)"/g)].map(match => match[1] as string);
  return paths
    .filter(path => !isAbsolute(path) && !relative('.', path).startsWith('..'))
    .map(path => fastGlob.escapePath(path));
}

/** One digest over the names and contents of the manifests. */
export async function hashManifests(installRoot: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(await readFile(join(installRoot, file)))
      .update('\0');
  return hash.digest('hex');
}

/** Copies the manifests to where the installation is made, so that the user's own tree is never touched. */
export async function mirrorManifests(
  installRoot: string,
  files: readonly string[],
  to: string,
): Promise<void> {
  for (const file of files) {
    const target = join(to, file);
    await mkdir(dirname(target), { recursive: true });
    if ((await lstat(join(installRoot, file))).isFile()) await copyFile(join(installRoot, file), target);
  }
}
