import { readFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { OnResolveResult, Plugin, ResolveResult } from 'esbuild';

/** Namespace of modules that only pass on a package's entry. */
export const STUB_NAMESPACE = 'lambda-slim-entry';

/**
 * The answer to an import that we resolved ourselves. esbuild does not look for the "type" of a file that a plugin resolved,
 * and then gets the default imports of an ES module wrong; such an entry is reached through a module that names it by path.
 */
export async function answerResolved(resolved: ResolveResult, isModule: boolean): Promise<OnResolveResult> {
  const { path, namespace, sideEffects } = resolved;
  const needsStub = isModule && extname(path) === '.js';
  return { path, namespace: needsStub ? STUB_NAMESPACE : namespace, sideEffects };
}

/** An esbuild plugin that provides the modules of `STUB_NAMESPACE`. */
export function moduleStubPlugin(): Plugin {
  return {
    name: 'lambda-slim-entry',
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: STUB_NAMESPACE }, async ({ path }) => {
        const target = JSON.stringify(path);
        const hasDefault = /\bexport\s+default\b|\bas\s+default\b/.test(await readFile(path, 'utf8'));
        const exports = `export * from ${target};${hasDefault ? `export { default } from ${target};` : ''}`;
        return { contents: exports, loader: 'js', resolveDir: dirname(path) };
      });
    },
  };
}
