import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listPythonImports } from '../../../python/imports.ts';
import { splitLines } from '../../../python/logical-lines.ts';
import { modulesNamed } from '../../../python/module-names.ts';
import { mapPool } from '../../../util/pool.ts';
import type { FindModule } from './find-module.ts';

/** A file of an aside that is needed, and the file that imports it. */
export type NeededAsides = ReadonlyMap<string, string>;

/** Folders that are mostly there for those who work on a package: tests, documentation, examples. */
const FOLDER = /(?:^|\/)(_?tests?|docs?|examples?|benchmarks?)\//;
const ASIDE = new RegExp(`${FOLDER.source}|(?:^|/)(?:test_[^/]*|[^/]*_tests?\\.py|conftest\\.py)$`);

/** Files opened at a time. */
const OPEN_FILES = 32;

/**
 * The files of tests, documentation and examples that code outside of such folders imports, wherever it stands and whether or not the
 * handler reaches it: numpy needs `numpy/_core/tests/_natype.py`. What lies beside such a module may be its data, so it is needed too.
 */
export async function traceAsides(
  dir: string,
  listed: readonly string[],
  findModule: FindModule,
): Promise<NeededAsides> {
  const words = wordsOf(listed);
  const read = (path: string) => modulesNamedIn(dir, path, words);
  const sources = listed.filter(path => path.endsWith('.py') && !ASIDE.test(path));
  const queue = await mapPool(sources, OPEN_FILES, async path => [path, await read(path)] as const);
  const needed = new Map<string, string>();
  for (const [path, modules] of queue) {
    for (const found of (await Promise.all(modules.map(findModule))).flat()) {
      if (needed.has(found) || !ASIDE.test(found)) continue;
      needed.set(found, path);
      if (found.endsWith('.py')) queue.push([found, await read(found)]);
    }
  }
  return withData(needed, listed);
}

/** What a file has to speak of to name such a module; most files of most packages do not, and need no closer look. */
function wordsOf(listed: readonly string[]): RegExp {
  const folders = listed.flatMap(path => FOLDER.exec(path)?.[1] ?? []);
  return new RegExp([...new Set([...folders, 'test_', '_test', 'conftest'])].join('|'));
}

async function modulesNamedIn(dir: string, path: string, words: RegExp): Promise<readonly string[]> {
  const source = await readFile(join(dir, path), 'latin1');
  if (!ASIDE.test(path) && !words.test(source)) return [];
  const imported = listPythonImports(source).flatMap(found => modulesNamed(found, path));
  return [...new Set([...imported, ...namedInStrings(source)])];
}

/** Modules are loaded by name as well: `LazyLoader("a.tests.b")`. */
function namedInStrings(source: string): readonly string[] {
  const strings = [...splitLines(source)].flatMap(({ text }) => [...text.matchAll(/"(\w+(?:\.\w+)+)"/g)]);
  return strings.map(([, name = '']) => name.replaceAll('.', '/'));
}

function withData(needed: NeededAsides, listed: readonly string[]): NeededAsides {
  const modules = [...needed.keys()].filter(path => !path.endsWith('/__init__.py'));
  const folders = modules.map(path => [path.slice(0, path.lastIndexOf('/') + 1), path] as const);
  const inAsides = folders.filter(([folder]) => FOLDER.test(folder));
  const data = listed.flatMap(path => {
    if (/\.(?:py|pyc|pyi)$/.test(path)) return [];
    const beside = inAsides.find(([folder]) => path.startsWith(folder));
    return beside ? [[path, beside[1]] as const] : [];
  });
  return new Map([...needed, ...data]);
}
