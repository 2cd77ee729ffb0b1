import { readFile } from 'node:fs/promises';
import { orNull } from '../util/fs.ts';
import type { ExternalImport } from './bundle/externals-plugin.ts';
import type { TracedBundle } from './bundle-with-dependencies.ts';
import type { ReadManifest } from './package-manifest.ts';
import { findPackage, packageDirOf } from './package-path.ts';

/** A string literal in code, without what it would take to read one that is not the name of a module. */
const STRINGS = /(['"`])((?:@[\w.-]+\/)?[\w.-]+(?:\/[\w./-]+)?)\1/g;

const CODE = /\.[cm]?[jt]sx?$/;

/** What an import or a plain require() says; the bundler has followed those. */
const IMPORTS = /\b(?:from|import|require)\s*\(?\s*(['"])([^'"\n]+)\1/g;

/**
 * Production dependencies that the user's code names in a string but not by an import: view engines, log targets, plugins,
 * what `createRequire` or `require.resolve` load. Nobody can tell whether it will be loaded, so it has to be there.
 */
export async function findNamedPackages(
  bundle: TracedBundle,
  fromDir: string,
  readManifest: ReadManifest,
): Promise<readonly ExternalImport[]> {
  const manifest = await readManifest(fromDir);
  const known = new Set([...(manifest?.dependencies ?? []), ...(manifest?.optionalDependencies ?? [])]);
  const named: ExternalImport[] = [];
  const sources = [...bundle.inputs.keys(), ...bundle.own.files.keys()];
  for (const importer of sources.filter(path => !packageDirOf(path) && CODE.test(path))) {
    const code = (await orNull(readFile(importer, 'utf8'))) ?? '';
    const imported = new Set([...code.matchAll(IMPORTS)].map(match => match[2]));
    const unbound = [...code.matchAll(/=\s*(?:\w+\.)?createRequire\s*\(/g)].length > 0;
    const strings = new Set([...code.matchAll(STRINGS)].map(match => match[2] as string));
    for (const specifier of strings) {
      const name = [...known].find(
        candidate => specifier === candidate || specifier.startsWith(`${candidate}/`),
      );
      if (name === undefined || (imported.has(specifier) && !unbound)) continue;
      const found = await findPackage(name, fromDir);
      if (found) named.push({ specifier, kind: 'require', importer, packageDir: found.dir });
    }
  }
  return named;
}
