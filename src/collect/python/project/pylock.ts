import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { SlimError } from '../../../errors.ts';
import { environmentOf, holds } from '../../../python/markers.ts';
import { normalizeName } from '../../../python/names.ts';
import { explainFile, parseToml } from '../../../python/parse-file.ts';
import { readText } from '../../../python/read-text.ts';
import { fitsSpecifiers } from '../../../python/versions.ts';
import { checkLock } from './check-lock.ts';
import { isDefaultIndex } from './default-index.ts';
import { toLine } from './poetry-dependency.ts';
import { checkPython } from './pyproject-shape.ts';
import { readRequirement } from './requirement-line.ts';
import type { ReadProject, Requirement } from './types.ts';

const file = z.looseObject({
  url: z.string().optional(),
  path: z.string().optional(),
  hashes: z.record(z.string(), z.string()).default({}),
  subdirectory: z.string().optional(),
});

const lockedPackage = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  marker: z.string().optional(),
  'requires-python': z.string().optional(),
  index: z.string().optional(),
  vcs: z
    .looseObject({
      type: z.string(),
      url: z.string().optional(),
      path: z.string().optional(),
      'commit-id': z.string(),
      subdirectory: z.string().optional(),
    })
    .optional(),
  directory: z.looseObject({ path: z.string(), subdirectory: z.string().optional() }).optional(),
  archive: file.optional(),
  sdist: file.optional(),
  wheels: z.array(file).default([]),
});
type LockedPackage = z.infer<typeof lockedPackage>;

const schema = z.looseObject({
  'lock-version': z.string(),
  'requires-python': z.string().optional(),
  'default-groups': z.array(z.string()).default([]),
  packages: z.array(lockedPackage).default([]),
});

/**
 * Reads the `pylock.toml` of a folder (https://packaging.python.org/en/latest/specifications/pylock-toml/), what is installed
 * without extras and with its default groups.
 */
export const readPylockProject: ReadProject = async (dir, platform) => {
  const path = join(dir, 'pylock.toml');
  const text = await readText(path);
  if (text === null) return null;
  const lock = parseToml(text, schema, path);
  if (!lock['lock-version'].startsWith('1.')) {
    const reason = `it has the version ${lock['lock-version']} of the format, and 1.0 is known`;
    throw new SlimError('DEPENDENCY_FILE_INVALID', [path, reason]);
  }
  checkPython(path, lock['requires-python'], platform);
  const own = environmentOf(platform);
  const environment = { ...own, extras: '', dependency_groups: lock['default-groups'].join(' ') };
  const needed = explainFile(path, () =>
    lock.packages.filter(
      each =>
        (!each.marker || holds(each.marker, environment)) &&
        fitsSpecifiers(own.python_full_version ?? '', each['requires-python'] ?? ''),
    ),
  );
  const names = lock.packages.map(({ name }) => name);
  return {
    kind: 'pylock.toml',
    path,
    inputs: [path, ...(await checkLock(path, dir, names, platform))],
    requirements: needed.flatMap(each => explainFile(path, () => toRequirement(each, dir, own)) ?? []),
    constraints: [],
    options: indexOptions(needed),
    isLocked: true,
  };
};

/** Null for one without a version that is nowhere: the project itself. */
function toRequirement(
  { name, version, vcs, directory, archive, sdist, wheels }: LockedPackage,
  dir: string,
  environment: Parameters<typeof readRequirement>[2],
): Requirement | null {
  const line = (place: Parameters<typeof toLine>[1], hashes: readonly string[] = []) =>
    readRequirement(toLine(name, place), dir, environment, hashes);
  const within = (subdirectory: string | undefined) => (subdirectory === undefined ? {} : { subdirectory });
  if (vcs) {
    const url = vcs.url ?? pathToFileURL(resolve(dir, vcs.path ?? '.')).href;
    return line({ git: url, rev: vcs['commit-id'], ...within(vcs.subdirectory) });
  }
  if (directory) return line({ path: join(directory.path, directory.subdirectory ?? '') });
  if (archive)
    return line(archive.url ? { url: archive.url } : { path: archive.path ?? '' }, hashesOf([archive]));
  if (version === undefined) return null;
  const hashes = hashesOf([...(sdist ? [sdist] : []), ...wheels]);
  return { name: normalizeName(name), text: `${name}==${version}`, hashes, source: null };
}

/** The strongest that pip knows, of each file. */
function hashesOf(files: readonly z.infer<typeof file>[]): readonly string[] {
  return files.flatMap(({ hashes }) => {
    const kind = ['sha512', 'sha384', 'sha256'].find(each => hashes[each] !== undefined);
    return kind ? `${kind}:${hashes[kind]}` : [];
  });
}

function indexOptions(packages: readonly LockedPackage[]): readonly string[] {
  const urls = packages.flatMap(({ index }) => index ?? []);
  return [...new Set(urls)].filter(url => !isDefaultIndex(url)).map(url => `--extra-index-url ${url}`);
}
