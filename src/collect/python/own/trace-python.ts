import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findComputedImports } from '../../../python/computed-imports.ts';
import { listPythonImports } from '../../../python/imports.ts';
import { modulesNamed } from '../../../python/module-names.ts';
import { explainSource } from '../../../util/explain-source.ts';
import type { FindModule } from './find-module.ts';

/** Where modules are looked for: own files come first, as they do on Lambda, where all lies in one folder. */
export interface ModulePlace {
  readonly dir: string;
  readonly findModule: FindModule;
  /** Lists a folder whose modules are imported by computed names; where it is left out, such names are not followed. */
  readonly listFolder?: FindModule;
}

/** A file that the handler's imports reach, by its path in the artifact. */
export interface Reached {
  readonly place: ModulePlace;
  /** The file that imports it, the first one that was seen; null for the entry. */
  readonly parent: string | null;
}

/** Follows the imports of a file through several folders that become one. Every import counts, wherever it stands. */
export async function tracePython(
  entry: string,
  places: readonly ModulePlace[],
): Promise<ReadonlyMap<string, Reached>> {
  const [first] = places;
  const reached = new Map<string, Reached>(first ? [[entry, { place: first, parent: null }]] : []);
  const known = new Map<string, Promise<readonly (readonly [string, ModulePlace])[]>>();
  const find = (name: string) => {
    const found = known.get(name) ?? findIn(name, places);
    known.set(name, found);
    return found;
  };
  for (const [path, { place }] of reached) {
    if (!path.endsWith('.py')) continue;
    const source = await readSource(join(place.dir, path));
    for (const name of listNames(source, path)) {
      for (const [next, from] of await find(name))
        if (!reached.has(next)) reached.set(next, { place: from, parent: path });
    }
    for (const folder of place.listFolder ? findComputedImports(source).folders : []) {
      for (const next of (await place.listFolder?.(folder)) ?? [])
        if (!reached.has(next)) reached.set(next, { place, parent: path });
    }
  }
  return reached;
}

async function findIn(
  name: string,
  places: readonly ModulePlace[],
): Promise<readonly (readonly [string, ModulePlace])[]> {
  const lists = await Promise.all(
    places.map(async place => (await place.findModule(name)).map(path => [path, place] as const)),
  );
  return lists.flat();
}

/** The modules that a file may import, as `a/b`. */
function listNames(source: string, path: string): ReadonlySet<string> {
  return new Set(listPythonImports(source).flatMap(found => modulesNamed(found, path)));
}

/** Names of modules are ASCII nearly always; in a file of another encoding the others are not found. */
async function readSource(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) =>
    explainSource(file, () => {
      throw error;
    }),
  );
  return text;
}
