import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { SlimError } from '../../../errors.ts';
import { environmentOf, holds, type MarkerEnvironment } from '../../../python/markers.ts';
import { explainFile, parseToml } from '../../../python/parse-file.ts';
import { readText } from '../../../python/read-text.ts';
import type { Platform } from '../../../types.ts';
import { exists } from '../../../util/fs.ts';
import { toPosix } from '../../../util/path.ts';
import { checkLock } from './check-lock.ts';
import { checkPython } from './pyproject-shape.ts';
import type { PythonProject, ReadProject } from './types.ts';
import { toRequirement, uvOptions } from './uv-package.ts';

const dependency = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  source: z.record(z.string(), z.unknown()).optional(),
  extra: z.array(z.string()).optional(),
  marker: z.string().optional(),
});
const file = z.looseObject({
  url: z.string().optional(),
  path: z.string().optional(),
  hash: z.string().optional(),
});

const uvPackage = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  source: z.record(z.string(), z.unknown()).default({}),
  'resolution-markers': z.array(z.string()).optional(),
  dependencies: z.array(dependency).default([]),
  'optional-dependencies': z.record(z.string(), z.array(dependency)).default({}),
  sdist: file.optional(),
  wheels: z.array(file).default([]),
});

const schema = z.looseObject({
  version: z.number(),
  'requires-python': z.string().optional(),
  package: z.array(uvPackage).default([]),
});

type Dependency = z.infer<typeof dependency>;
export type UvPackage = z.infer<typeof uvPackage>;

/** The format that is understood; uv raises it when older readers would go wrong. */
const FORMAT = 1;

/** Reads the `uv.lock` of a folder, which is the project or the workspace around it. */
export const readUvProject: ReadProject = async (dir, platform) => readUvLock(dir, dir, platform);

/** Reads the part of a lock that is about one member of its workspace; null where it knows none in `projectDir`. */
async function readUvLock(
  lockDir: string,
  projectDir: string,
  platform: Platform,
): Promise<PythonProject | null> {
  const path = join(lockDir, 'uv.lock');
  const text = await readText(path);
  if (text === null) return null;
  const lock = parseToml(text, schema, path);
  if (lock.version !== FORMAT) {
    const reason = `it has the format ${lock.version}, and ${FORMAT} is known; \`uv export -o requirements.txt\` writes it as one that is`;
    throw new SlimError('DEPENDENCY_FILE_INVALID', [path, reason]);
  }
  const place = toPosix(relative(lockDir, projectDir)) || '.';
  const root = lock.package.find(({ source }) => localPathOf(source) === place);
  if (!root) return null;
  checkPython(path, lock['requires-python'], platform);
  const inputs = [
    path,
    ...(await checkLock(
      path,
      projectDir,
      lock.package.map(({ name }) => name),
      platform,
    )),
  ];
  const needed = explainFile(path, () => walk(root, lock.package, environmentOf(platform)));
  return {
    kind: 'uv.lock',
    path,
    inputs,
    requirements: needed.flatMap(item => explainFile(path, () => toRequirement(item, lockDir)) ?? []),
    constraints: [],
    options: uvOptions(needed, lockDir),
    isLocked: true,
  };
}

/** Reads the lock of the workspace above a folder that is a member of it. */
export async function readUvWorkspace(projectDir: string, platform: Platform): Promise<PythonProject | null> {
  for (let dir = projectDir; ; dir = dirname(dir)) {
    const found = dir === projectDir ? null : await readUvLock(dir, projectDir, platform);
    if (found || dirname(dir) === dir || (await exists(join(dir, '.git')))) return found;
  }
}

/** The folder that a package lies in, relative to the lock. */
function localPathOf(source: UvPackage['source']): unknown {
  return source.editable ?? source.virtual ?? source.directory;
}

/** Everything that a package needs on the target, itself aside. */
function walk(
  root: UvPackage,
  all: readonly UvPackage[],
  environment: MarkerEnvironment,
): readonly UvPackage[] {
  const needed = new Set<UvPackage>();
  const queue: { readonly item: UvPackage; readonly extras: readonly string[] }[] = [
    { item: root, extras: [] },
  ];
  const seen = new Set<string>();
  for (const { item, extras } of queue) {
    const wanted = [
      ...item.dependencies,
      ...extras.flatMap(extra => item['optional-dependencies'][extra] ?? []),
    ];
    for (const each of wanted.filter(({ marker }) => !marker || holds(marker, environment))) {
      const next = findPackage(each, all, environment);
      if (next !== root) needed.add(next);
      const key = `${all.indexOf(next)} ${each.extra?.join(',') ?? ''}`;
      if (!seen.has(key)) queue.push({ item: next, extras: each.extra ?? [] });
      seen.add(key);
    }
  }
  return [...needed];
}

/** Where a lock has several versions of a package, the dependency says which; else the markers of the versions do. */
function findPackage(
  wanted: Dependency,
  all: readonly UvPackage[],
  environment: MarkerEnvironment,
): UvPackage {
  const fitting = all.filter(
    ({ name, version, source }) =>
      name === wanted.name &&
      (wanted.version === undefined || version === wanted.version) &&
      (wanted.source === undefined || JSON.stringify(source) === JSON.stringify(wanted.source)),
  );
  const marked = fitting.find(
    item => item['resolution-markers']?.some(marker => holds(marker, environment)) ?? true,
  );
  const found = marked ?? fitting[0];
  if (!found) throw new SyntaxError(`${wanted.name} is needed, and there is no [[package]] of that name`);
  return found;
}
