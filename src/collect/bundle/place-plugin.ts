import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Loader, Plugin } from 'esbuild';
import { packageDirOf } from '../package-path.ts';

/** Defined by the banner of the bundle: the path of a source file as if it lay beside the bundle unbundled. */
export const PATH_HELPER = '__lambdaSlimPath';

/** What code that asks where it lies is given instead; each such file declares them. Locals of these names are left alone. */
export const PLACE_DEFINES: Readonly<Record<string, string>> = {
  __filename: '__lsFile',
  __dirname: '__lsDir',
  'import.meta.filename': '__lsFile',
  'import.meta.dirname': '__lsDir',
  'import.meta.url': '__lsUrl',
};

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
};

/**
 * An esbuild plugin that keeps `__dirname`, `__filename` and `import.meta.url` of the user's files true after bundling,
 * so that data files are found where they lie in the project. `relativeToBundle` gives a file's place seen from the bundle;
 * a package whose code was found fit all the same sees the bundle's own place.
 */
export function placePlugin(relativeToBundle: (file: string) => string): Plugin {
  return {
    name: 'lambda-slim-place',
    setup(build) {
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path }) => {
        const code = await readFile(path, 'utf8');
        if (!needsItsPlace(code)) return undefined;
        const place = packageDirOf(path) ? '.' : relativeToBundle(path);
        return { contents: declarePlace(code, place), loader: LOADERS[extname(path)] ?? 'js' };
      });
    },
  };
}

/** True for code that asks where it lies. */
export function needsItsPlace(code: string): boolean {
  return /\b__(?:dirname|filename)\b|\bimport\.meta\b/.test(code);
}

/** A hashbang and directives such as "use strict" have to stay in front. */
const PROLOGUE = /^(?:#!.*\n)?(?:\s*(?:'use [a-z]+'|"use [a-z]+")\s*(?:;|\n))*/;

/** Puts the declarations on the first line of code, so that line numbers stay. */
function declarePlace(code: string, place: string): string {
  const prologue = PROLOGUE.exec(code)?.[0] ?? '';
  const declaration = `const [__lsFile, __lsDir, __lsUrl] = ${PATH_HELPER}(${JSON.stringify(place)});`;
  return `${prologue}${declaration}${code.slice(prologue.length)}`;
}
