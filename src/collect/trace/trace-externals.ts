import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull } from '../../util/fs.ts';
import { compareCodeUnits, toPosix } from '../../util/path.ts';
import type { ExternalImport } from '../bundle/externals-plugin.ts';

/** Files that the static trace reached, with the files that asked for them; links of node_modules are among them. */
export type Trace = ReadonlyMap<string, readonly string[]>;

const ENTRY = '__lambda-slim-entry';

/**
 * Follows the imports that the bundle leaves to Node through the installed packages. Paths are absolute.
 * `fromDir` is where the bundle will look for its packages; `importer` stands for the bundle in the chain of reasons.
 */
export async function traceExternals(
  externals: readonly ExternalImport[],
  installDir: string,
  fromDir: string,
  importer: string,
  signal: AbortSignal,
): Promise<Trace> {
  const found = externals.filter(external => external.packageDir !== null);
  if (found.length === 0) return new Map();
  const entries = new Map([
    [join(fromDir, `${ENTRY}.mjs`), importsOf(found)],
    [join(fromDir, `${ENTRY}.cjs`), requiresOf(found)],
  ]);
  const { nodeFileTrace } = await import('@vercel/nft');
  const { fileList, reasons } = await nodeFileTrace([...entries.keys()], {
    base: installDir,
    processCwd: installDir,
    readFile: async path => {
      signal.throwIfAborted();
      return entries.get(path) ?? (await orNull(readFile(path)));
    },
  });
  const absolute = (path: string): string => toPosix(join(installDir, path));
  const trace = new Map<string, readonly string[]>();
  for (const path of fileList) {
    if (path.includes(ENTRY)) continue;
    // Found in any order.
    const parents = [...(reasons.get(path)?.parents ?? [])].sort(compareCodeUnits);
    trace.set(
      absolute(path),
      parents.map(parent => (parent.includes(ENTRY) ? importer : absolute(parent))),
    );
  }
  return trace;
}

function importsOf(externals: readonly ExternalImport[]): string {
  return externals
    .filter(({ kind }) => kind === 'import')
    .map(({ specifier }) => `import ${JSON.stringify(specifier)};`)
    .join('\n');
}

function requiresOf(externals: readonly ExternalImport[]): string {
  return externals
    .filter(({ kind }) => kind === 'require')
    .map(({ specifier }) => `require(${JSON.stringify(specifier)});`)
    .join('\n');
}
