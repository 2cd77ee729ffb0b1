import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Loader, type Plugin, transform } from 'esbuild';
import { packageDirOf } from '../package-path.ts';

/** Defined by the banner of the bundle: the path of a source file as if it lay beside the bundle unbundled. */
export const PATH_HELPER = '__lambdaSlimPath';

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
};

const HERE = {
  __filename: '__lsFile',
  __dirname: '__lsDir',
  'import.meta.filename': '__lsFile',
  'import.meta.dirname': '__lsDir',
  'import.meta.url': '__lsUrl',
} as const;

/**
 * An esbuild plugin that keeps `__dirname`, `__filename` and `import.meta.url` of the user's files true after bundling,
 * so that data files are found where they lie in the project. `relativeToBundle` gives a file's place seen from the bundle.
 */
export function ownFilesPlugin(relativeToBundle: (file: string) => string, sourcemap: boolean): Plugin {
  return {
    name: 'lambda-slim-own-files',
    setup(build) {
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path }) => {
        if (packageDirOf(path)) return undefined;
        const code = await readFile(path, 'utf8');
        if (!needsItsPlace(code)) return undefined;
        const loader = LOADERS[extname(path)] ?? 'js';
        const map = sourcemap ? 'inline' : false;
        const { code: replaced } = await transform(code, {
          loader,
          define: HERE,
          sourcefile: path,
          sourcemap: map,
        });
        return {
          contents: declarePlace(relativeToBundle(path)) + replaced,
          loader: loader.endsWith('x') ? 'jsx' : 'js',
        };
      });
    },
  };
}

/** True for code that asks where it lies. */
export function needsItsPlace(code: string): boolean {
  return /\b__(?:dirname|filename)\b|\bimport\.meta\b/.test(code);
}

function declarePlace(place: string): string {
  const file = `${PATH_HELPER}(${JSON.stringify(place)})`;
  return `const [__lsFile, __lsDir, __lsUrl] = ${file};\n`;
}
