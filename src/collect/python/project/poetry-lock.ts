import { join } from 'node:path';
import { z } from 'zod';
import { environmentOf, type MarkerEnvironment } from '../../../python/markers.ts';
import { normalizeName } from '../../../python/names.ts';
import { explainFile, parseToml } from '../../../python/parse-file.ts';
import { readText } from '../../../python/read-text.ts';
import { parseRequirement } from '../../../python/requirement.ts';
import { fitsSpecifiers } from '../../../python/versions.ts';
import { checkLock } from './check-lock.ts';
import { isDefaultIndex } from './default-index.ts';
import { isForTarget, readTables, type TableDependency, toLine, toSpecifiers } from './poetry-dependency.ts';
import { listWishes, type Wish } from './pyproject.ts';
import { readPyproject } from './pyproject-shape.ts';
import { readRequirement } from './requirement-line.ts';
import type { ReadProject, Requirement } from './types.ts';

const poetryPackage = z.looseObject({
  name: z.string(),
  version: z.string(),
  'python-versions': z.string().default('*'),
  markers: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  files: z.array(z.looseObject({ hash: z.string() })).default([]),
  dependencies: z.record(z.string(), z.unknown()).default({}),
  extras: z.record(z.string(), z.array(z.string())).default({}),
  source: z
    .looseObject({
      type: z.string(),
      url: z.string(),
      resolved_reference: z.string().optional(),
      subdirectory: z.string().optional(),
    })
    .optional(),
});
type PoetryPackage = z.infer<typeof poetryPackage>;

const schema = z.looseObject({
  package: z.array(poetryPackage).default([]),
  /** Before Poetry 1.3 the hashes were here. */
  metadata: z
    .looseObject({ files: z.record(z.string(), z.array(z.looseObject({ hash: z.string() }))).optional() })
    .optional(),
});

/** Reads the `poetry.lock` of a folder, of the main group of its `pyproject.toml`. */
export const readPoetryProject: ReadProject = async (dir, platform) => {
  const path = join(dir, 'poetry.lock');
  const [text, manifest] = [await readText(path), await readPyproject(dir)];
  if (text === null || manifest === null) return null;
  const lock = parseToml(text, schema, path);
  const names = lock.package.map(({ name }) => name);
  const inputs = [path, ...(await checkLock(path, dir, names, platform))];
  const environment = environmentOf(platform);
  const needed = explainFile(path, () =>
    walk(listWishes(manifest.content, environment), lock.package, environment),
  );
  const older = lock.metadata?.files ?? {};
  return {
    kind: 'poetry.lock',
    path,
    inputs,
    requirements: needed.flatMap(
      item => explainFile(path, () => toRequirement(item, older, dir, environment)) ?? [],
    ),
    constraints: [],
    options: indexOptions(needed),
    isLocked: true,
  };
};

/** Where packages come from, the default index aside. */
function indexOptions(packages: readonly PoetryPackage[]): readonly string[] {
  const urls = packages.flatMap(({ source }) => (source?.type === 'legacy' ? source.url : []));
  return [...new Set(urls)].filter(url => !isDefaultIndex(url)).map(url => `--extra-index-url ${url}`);
}

function walk(
  wishes: readonly Wish[],
  all: readonly PoetryPackage[],
  environment: MarkerEnvironment,
): readonly PoetryPackage[] {
  const needed = new Set<PoetryPackage>();
  const seen = new Set<string>();
  const queue = [...wishes];
  for (const { name, extras } of queue) {
    const key = `${name} ${extras.join(',')}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const item = findPackage(name, all, environment);
    needed.add(item);
    queue.push(...wishesOf(item, extras, environment));
  }
  return [...needed];
}

/** What a package needs in turn; what is optional only where an extra asks for it. */
function wishesOf(
  item: PoetryPackage,
  extras: readonly string[],
  environment: MarkerEnvironment,
): readonly Wish[] {
  const byExtras = new Set(
    Object.entries(item.extras)
      .filter(([extra]) => extras.map(normalizeName).includes(normalizeName(extra)))
      .flatMap(([, lines]) => lines.flatMap(line => parseRequirement(line)?.name ?? [])),
  );
  return Object.entries(item.dependencies).flatMap(([name, value]) => {
    const isWanted = (table: TableDependency): boolean =>
      isForTarget(table, environment, extras) && (!table.optional || byExtras.has(normalizeName(name)));
    const found = readTables(value).find(isWanted);
    return found ? [{ name: normalizeName(name), extras: found.extras ?? [] }] : [];
  });
}

/** Of several versions the one whose markers and Python fit the target. */
function findPackage(
  name: string,
  all: readonly PoetryPackage[],
  environment: MarkerEnvironment,
): PoetryPackage {
  const named = all.filter(item => normalizeName(item.name) === name);
  const python = environment.python_full_version ?? '';
  const fitting = named.filter(item => {
    const markers = typeof item.markers === 'string' ? item.markers : item.markers?.main;
    const isForPython = fitsSpecifiers(python, toSpecifiers(item['python-versions']));
    return isForPython && isForTarget(markers ? { markers } : {}, environment);
  });
  const found = fitting.at(-1) ?? named.at(-1);
  if (!found) throw new SyntaxError(`${name} is needed, and there is no [[package]] of that name`);
  return found;
}

function toRequirement(
  item: PoetryPackage,
  older: Readonly<Record<string, readonly { readonly hash: string }[]>>,
  dir: string,
  environment: MarkerEnvironment,
): Requirement | null {
  const { name, version, source } = item;
  const hashes = [...item.files, ...(older[name] ?? [])].map(({ hash }) => hash);
  if (!source || source.type === 'legacy')
    return { name: normalizeName(name), text: `${name}==${version}`, hashes, source: null };
  return readRequirement(
    toLine(name, placeOf(source)),
    dir,
    environment,
    source.type === 'git' ? [] : hashes,
  );
}

function placeOf({
  type,
  url,
  resolved_reference,
  subdirectory,
}: NonNullable<PoetryPackage['source']>): TableDependency {
  const folder = subdirectory === undefined ? {} : { subdirectory };
  if (type === 'git')
    return { git: url, ...(resolved_reference ? { rev: resolved_reference } : {}), ...folder };
  return type === 'url' ? { url } : { path: url };
}
