import { join } from 'node:path';
import { z } from 'zod';
import { environmentOf } from '../../../python/markers.ts';
import { explainFile, parseToml } from '../../../python/parse-file.ts';
import { readText } from '../../../python/read-text.ts';
import { isDefaultIndex } from './default-index.ts';
import { isForTarget, readTables, toLine } from './poetry-dependency.ts';
import { readRequirement } from './requirement-line.ts';
import type { ReadProject } from './types.ts';

const source = z.looseObject({ url: z.string() });

const schema = z.looseObject({
  source: z.array(source).default([]),
  packages: z.record(z.string(), z.unknown()).default({}),
});

/** What a `Pipfile` says. */
export type Pipfile = z.infer<typeof schema>;

/** Reads the `Pipfile` of a folder; null where there is none. */
export async function readPipfile(
  dir: string,
): Promise<{ readonly path: string; readonly content: Pipfile } | null> {
  const path = join(dir, 'Pipfile');
  const text = await readText(path);
  return text === null ? null : { path, content: parseToml(text, schema, path) };
}

/** The indexes of Pipenv as options of pip: the first takes the place of the default one. */
export function sourceOptions(sources: readonly z.infer<typeof source>[]): readonly string[] {
  return sources.flatMap(({ url }, index) =>
    isDefaultIndex(url) ? [] : `${index === 0 ? '--index-url' : '--extra-index-url'} ${url}`,
  );
}

/** Reads a `Pipfile` that nobody locked. */
export const readPipfileProject: ReadProject = async (dir, platform) => {
  const found = await readPipfile(dir);
  if (!found) return null;
  const { path, content } = found;
  const environment = environmentOf(platform);
  const requirements = explainFile(path, () =>
    Object.entries(content.packages).flatMap(([name, value]) => {
      const table = readTables(value).find(each => isForTarget(each, environment));
      return (table && readRequirement(toLine(name, table), dir, environment)) ?? [];
    }),
  );
  const options = sourceOptions(content.source);
  return { kind: 'Pipfile', path, inputs: [path], requirements, constraints: [], options, isLocked: false };
};
