import { resolve } from 'node:path';
import { environmentOf, holds, type MarkerEnvironment } from '../../../python/markers.ts';
import { normalizeName } from '../../../python/names.ts';
import { explainFile } from '../../../python/parse-file.ts';
import { parseRequirement } from '../../../python/requirement.ts';
import { isDefaultIndex } from './default-index.ts';
import { isForTarget, readTables, toLine } from './poetry-dependency.ts';
import { checkPython, type Pyproject, pythonOf, readPyproject } from './pyproject-shape.ts';
import { readRequirement } from './requirement-line.ts';
import { readRequirementsFile } from './requirements-file.ts';
import type { ReadProject, Requirement } from './types.ts';

/** Reads the dependencies of a `pyproject.toml`, PEP 621 or Poetry's own; null where it names none. */
export const readPyprojectProject: ReadProject = async (dir, platform, env) => {
  const found = await readPyproject(dir);
  if (!found) return null;
  const { path, content } = found;
  const environment = environmentOf(platform);
  const dynamic = dynamicFiles(content);
  const lists = await Promise.all(
    dynamic.map(file => readRequirementsFile(resolve(dir, file), environment, env)),
  );
  const own = explainFile(path, () => listDependencies(content, dir, environment));
  if (own === null && lists.length === 0) return null;
  checkPython(path, pythonOf(content), platform);
  return {
    kind: 'pyproject.toml',
    path,
    inputs: [path, ...lists.flatMap(({ inputs }) => inputs)],
    requirements: [...(own ?? []), ...lists.flatMap(({ requirements }) => requirements)],
    constraints: lists.flatMap(({ constraints }) => constraints),
    options: [...lists.flatMap(({ options }) => options), ...indexOptions(content)],
    isLocked: false,
  };
};

/** Files that setuptools reads the dependencies from. */
function dynamicFiles({ project, tool }: Pyproject): readonly string[] {
  const file = tool?.setuptools?.dynamic?.dependencies?.file;
  const isDynamic = project?.dynamic?.includes('dependencies') && file !== undefined;
  return isDynamic ? [file].flat() : [];
}

/** Null where the file does not speak of dependencies at all, as one that only sets up a linter. */
function listDependencies(
  content: Pyproject,
  dir: string,
  environment: MarkerEnvironment,
): readonly Requirement[] | null {
  const { project, tool } = content;
  if (!project?.dependencies && !tool?.poetry?.dependencies) return null;
  const lines = [
    ...(project?.dependencies ?? []).map(line => withSource(line, content)),
    ...poetryLines(content, environment),
  ];
  return lines.flatMap(line => readRequirement(line, dir, environment) ?? []);
}

/** `tool.uv.sources` say where a dependency comes from, and so does Poetry's table of the same names. */
function withSource(line: string, { tool }: Pyproject): string {
  const parsed = parseRequirement(line);
  const sources = [
    ...Object.entries(tool?.uv?.sources ?? {}),
    ...Object.entries(tool?.poetry?.dependencies ?? {}),
  ];
  const value = sources.find(([name]) => normalizeName(name) === parsed?.name)?.[1];
  if (!parsed || value === undefined) return line;
  const [source] = readTables(value);
  if (!source || (source.path ?? source.git ?? source.url) === undefined) return line;
  return `${toLine(parsed.name, { ...source, extras: [...parsed.extras] })}${parsed.marker ? ` ; ${parsed.marker}` : ''}`;
}

function poetryLines({ project, tool }: Pyproject, environment: MarkerEnvironment): readonly string[] {
  // Where both name a dependency, the standard's table says which versions, and Poetry's where it comes from.
  const named = new Set(project?.dependencies?.map(line => parseRequirement(line)?.name));
  return Object.entries(tool?.poetry?.dependencies ?? {}).flatMap(([name, value]) => {
    if (name === 'python' || named.has(normalizeName(name))) return [];
    const fitting = readTables(value).filter(table => !table.optional && isForTarget(table, environment));
    return fitting.slice(0, 1).map(table => toLine(name, table));
  });
}

function indexOptions({ tool }: Pyproject): readonly string[] {
  const indexes = tool?.uv?.index ?? [];
  const ofPoetry = (tool?.poetry?.source ?? []).flatMap(({ url }) =>
    url && !isDefaultIndex(url) ? url : [],
  );
  return [
    ...ofPoetry.map(url => `--extra-index-url ${url}`),
    ...indexes.map(index => `${index.default ? '--index-url' : '--extra-index-url'} ${index.url}`),
  ];
}

/** A direct dependency by its normalised name. */
export interface Wish {
  readonly name: string;
  readonly extras: readonly string[];
}

/** What a project asks for directly, on the target. */
export function listWishes(content: Pyproject, environment: MarkerEnvironment): readonly Wish[] {
  const lines = [...(content.project?.dependencies ?? []), ...poetryLines(content, environment)];
  return lines.flatMap(line => {
    const parsed = parseRequirement(line);
    const isWanted = parsed && (parsed.marker === null || holds(parsed.marker, environment));
    return isWanted ? [{ name: parsed.name, extras: parsed.extras }] : [];
  });
}
