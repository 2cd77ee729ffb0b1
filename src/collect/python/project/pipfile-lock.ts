import { join } from 'node:path';
import { z } from 'zod';
import { SlimError } from '../../../errors.ts';
import { environmentOf, holds, type MarkerEnvironment } from '../../../python/markers.ts';
import { normalizeName } from '../../../python/names.ts';
import { explainFile, parseJson } from '../../../python/parse-file.ts';
import { readText } from '../../../python/read-text.ts';
import { formatExtras } from '../../../python/requirement.ts';
import { readPipfile, sourceOptions } from './pipfile.ts';
import { toLine } from './poetry-dependency.ts';
import { readRequirement } from './requirement-line.ts';
import type { ReadProject } from './types.ts';

const entry = z.looseObject({
  version: z.string().optional(),
  hashes: z.array(z.string()).default([]),
  markers: z.string().optional(),
  extras: z.array(z.string()).default([]),
  git: z.string().optional(),
  ref: z.string().optional(),
  path: z.string().optional(),
  file: z.string().optional(),
  subdirectory: z.string().optional(),
});
type Locked = z.infer<typeof entry>;

const schema = z.looseObject({
  _meta: z
    .looseObject({ sources: z.array(z.looseObject({ url: z.string() })).default([]) })
    .default({ sources: [] }),
  default: z.record(z.string(), entry).default({}),
});

/** Reads the `Pipfile.lock` of a folder, its default group. */
export const readPipenvProject: ReadProject = async (dir, platform) => {
  const path = join(dir, 'Pipfile.lock');
  const text = await readText(path);
  if (text === null) return null;
  const lock = parseJson(text, schema, path);
  const environment = environmentOf(platform);
  const fitting = Object.entries(lock.default).filter(([, locked]) =>
    explainFile(path, () => markersOf(locked, environment).every(marker => holds(marker, environment))),
  );
  return {
    kind: 'Pipfile.lock',
    path,
    inputs: [path, ...(await checkPipfile(path, dir, Object.keys(lock.default)))],
    requirements: fitting.flatMap(
      ([name, locked]) =>
        explainFile(path, () => readRequirement(lineOf(name, locked), dir, environment, locked.hashes)) ?? [],
    ),
    constraints: [],
    options: sourceOptions(lock._meta.sources),
    isLocked: true,
  };
};

/** Beside `markers` Pipenv writes a variable as a key of its own: `"sys_platform": "== 'win32'"`. */
function markersOf(locked: Locked, environment: MarkerEnvironment): readonly string[] {
  const own = Object.entries(locked).flatMap(([key, value]) => (key in environment ? `${key} ${value}` : []));
  return [...own, ...(locked.markers ? [locked.markers] : [])];
}

/** The version of a lock is a specifier already. */
function lineOf(name: string, { version, extras, git, ref, path, file, subdirectory }: Locked): string {
  if (git === undefined && path === undefined && file === undefined)
    return `${name}${formatExtras(extras)}${version === '*' ? '' : (version ?? '')}`;
  const given = { extras, git, rev: ref, path, url: file, subdirectory };
  return toLine(name, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
}

async function checkPipfile(
  lock: string,
  dir: string,
  locked: readonly string[],
): Promise<readonly string[]> {
  const found = await readPipfile(dir);
  if (!found) return [];
  const known = new Set(locked.map(normalizeName));
  const missing = Object.keys(found.content.packages).filter(name => !known.has(normalizeName(name)));
  if (missing.length > 0) throw new SlimError('LOCK_OUTDATED', [lock, found.path, missing]);
  return [found.path];
}
