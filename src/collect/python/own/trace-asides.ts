import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listEntryPoints } from '../../../python/entry-points.ts';
import { listPythonImports } from '../../../python/imports.ts';
import { splitLines } from '../../../python/logical-lines.ts';
import { modulesNamed } from '../../../python/module-names.ts';
import { mapPool } from '../../../util/pool.ts';
import type { FindModule } from './find-module.ts';

/** A file of an aside that is needed, and the file that asks for it. */
export type NeededAsides = ReadonlyMap<string, string>;

/** Folders that are mostly there for those who work on a package: tests, documentation, examples. */
const FOLDER = /(?:^|\/)(_?tests?|docs?|examples?|benchmarks?)\//;
/** Paths of such files. */
export const ASIDE = new RegExp(`${FOLDER.source}|(?:^|/)(?:test_[^/]*|[^/]*_tests?\\.py|conftest\\.py)$`);

/** The lazy_loader package reads the names of submodules from the stub beside a module. */
const READS_STUB = 'attach_stub';

/** Files opened at a time. */
const OPEN_FILES = 32;

/**
 * The files of tests, documentation and examples that code outside of such folders imports, wherever it stands and whether or not the
 * handler reaches it: numpy needs `numpy/_core/tests/_natype.py`. What lies beside such a module may be its data, so it is needed too,
 * and so are stubs that a module reads.
 */
export async function traceAsides(
  dir: string,
  listed: readonly string[],
  findModule: FindModule,
): Promise<NeededAsides> {
  const read = makeReader(dir, listed);
  const sources = listed.filter(path => isSource(path) && !ASIDE.test(path));
  const queue = await mapPool(sources, OPEN_FILES, read);
  const needed = new Map<string, string>();
  for (const { path, modules, readsStub } of queue) {
    if (readsStub) needed.set(`${path}i`, path);
    for (const found of (await Promise.all(modules.map(findModule))).flat()) {
      if (needed.has(found) || !ASIDE.test(found)) continue;
      needed.set(found, path);
      if (found.endsWith('.py')) queue.push(await read(found));
    }
  }
  return withData(needed, listed);
}

function isSource(path: string): boolean {
  return path.endsWith('.py') || path.endsWith('.dist-info/entry_points.txt');
}

interface Asker {
  readonly path: string;
  /** What it names, as `a/b`. */
  readonly modules: readonly string[];
  readonly readsStub: boolean;
}

function makeReader(dir: string, listed: readonly string[]): (path: string) => Promise<Asker> {
  const words = wordsOf(listed);
  return async path => {
    const source = await readFile(join(dir, path), 'latin1');
    const readsStub = source.includes(READS_STUB);
    if (!path.endsWith('.py')) return { path, modules: listEntryPoints(source), readsStub: false };
    const isPlain = !ASIDE.test(path) && !words.test(source);
    return { path, modules: isPlain ? [] : modulesNamedIn(source, path), readsStub };
  };
}

/** What a file has to speak of to name such a module; most files of most packages do not, and need no closer look. */
function wordsOf(listed: readonly string[]): RegExp {
  const folders = listed.flatMap(path => FOLDER.exec(path)?.[1] ?? []);
  return new RegExp([...new Set([...folders, 'test_', '_test', 'conftest'])].join('|'));
}

/** Modules are loaded by name as well: `LazyLoader("a.tests.b")`. */
function modulesNamedIn(source: string, path: string): readonly string[] {
  const imported = listPythonImports(source).flatMap(found => modulesNamed(found, path));
  const strings = [...splitLines(source)].flatMap(({ text }) => [...text.matchAll(/"(\w+(?:\.\w+)+)"/g)]);
  const loaded = strings.flatMap(([, module = '']) => modulesNamed({ level: 0, module, names: [] }, path));
  return [...new Set([...imported, ...loaded])];
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
