import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listPythonImports } from '../../../python/imports.ts';
import type { Platform } from '../../../types.ts';
import { mapPool } from '../../../util/pool.ts';
import { ASIDE, type NeededAsides } from './trace-asides.ts';
import type { Reached } from './trace-python.ts';

/** The folders of the tools that install packages. */
const TOOLS = /^(?:pip|setuptools|wheel|pkg_resources|_distutils_hack)\//;
const WORD = /pkg_resources|distutils/;

/** The file of setuptools that stands behind a module; its hack gives Python 3.12 and later the `distutils` that they lack. */
const BEHIND: Readonly<Record<string, string>> = {
  pkg_resources: 'pkg_resources/__init__.py',
  distutils: '_distutils_hack/__init__.py',
};

/** Files opened at a time. */
const OPEN_FILES = 32;

/**
 * What is needed of setuptools since some code asks for it at run time, whether or not the handler reaches that: plugins are loaded by
 * name, and old ones import `pkg_resources` or `distutils`. Code that imports setuptools as well is there for building.
 */
export async function traceTools(
  dir: string,
  listed: readonly string[],
  imported: ReadonlyMap<string, Reached>,
  { runtime }: Platform,
): Promise<NeededAsides> {
  const hasDistutils = Number(runtime.version.split('.')[1]) < 12;
  const behind = Object.entries(BEHIND).filter(
    ([name, file]) => listed.includes(file) && !(name === 'distutils' && hasDistutils),
  );
  if (behind.length === 0) return new Map();
  const installed = listed.filter(path => path.endsWith('.py') && !TOOLS.test(path) && !ASIDE.test(path));
  const own = [...imported].filter(([path, { place }]) => place.dir !== dir && path.endsWith('.py'));
  const files = [
    ...own.map(([path, { place }]) => [path, join(place.dir, path)] as const),
    ...installed.map(path => [path, join(dir, path)] as const),
  ];
  const askers = await mapPool(
    files,
    OPEN_FILES,
    async ([path, file]) => [path, await listTops(file)] as const,
  );
  const running = askers.filter(([, tops]) => !tops.has('setuptools'));
  return new Map(
    behind.flatMap(([name, file]) => {
      const asker = running.find(([, tops]) => tops.has(name));
      return asker ? [[file, asker[0]] as const] : [];
    }),
  );
}

/** The first names of the modules that a file imports, if it speaks of one that matters. */
async function listTops(file: string): Promise<ReadonlySet<string>> {
  const source = await readFile(file, 'latin1');
  if (!WORD.test(source)) return new Set();
  const imports = listPythonImports(source).filter(({ level }) => level === 0);
  return new Set(imports.map(({ module }) => module.replace(/\..*$/s, '')));
}
