import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { exists, orNull } from '../../util/fs.ts';
import { toPosix } from '../../util/path.ts';
import type { ExternalImport } from '../bundle/externals-plugin.ts';
import { findPackage, packageDirOf, packageNameOf } from '../package-path.ts';
import { isCode, isDeclaration, readPlainCode } from './plain-code.ts';
import type { NamedFile as Named } from './trace-assets.ts';

type NamedFile = Omit<Named, 'isNear'>;

/** What code that runs unbundled needs: files of the user, and packages. */
export interface RunByPath {
  readonly files: readonly NamedFile[];
  readonly externals: readonly ExternalImport[];
}

/** Follows code that is run by its path through the user's files, as far as the packages. `installDir` mirrors `base`. */
export async function traceRunByPath(
  entries: readonly string[],
  base: string,
  installDir: string,
  isNever: (path: string) => boolean,
): Promise<RunByPath> {
  if (entries.length === 0) return { files: [], externals: [] };
  const externals: ExternalImport[] = [];
  const { nodeFileTrace, resolve } = await import('@vercel/nft');
  const { fileList, reasons } = await nodeFileTrace([...entries], {
    base,
    processCwd: base,
    ignore: isNever,
    readFile: async path =>
      (isCode(path) ? await readPlainCode(path, base) : null) ?? (await orNull(readFile(path))),
    resolve: async (id, parent, job, isRequire) => {
      const external = await externalOf(id, parent, isRequire ? 'require' : 'import', base, installDir);
      if (!external) return resolve(id, parent, job, isRequire);
      externals.push(external);
      return [];
    },
  });
  const absolute = (path: string): string => toPosix(join(base, path));
  const files = [...fileList].flatMap(path =>
    [...(reasons.get(path)?.parents ?? [])].map(reader => ({
      path: absolute(path),
      reader: absolute(reader),
    })),
  );
  const own = files.filter(({ path }) => !packageDirOf(path) && !isDeclaration(path));
  return {
    files: [
      ...own.filter(({ path }) => !path.endsWith('/package.json')),
      ...(await manifestsOf([...entries, ...own.map(({ path }) => path)], base)),
    ],
    externals,
  };
}

async function externalOf(
  specifier: string,
  importer: string,
  kind: ExternalImport['kind'],
  base: string,
  installDir: string,
): Promise<ExternalImport | null> {
  const name =
    /^[./#]|^[A-Za-z]:[\\/]/.test(specifier) || isBuiltin(specifier) ? null : packageNameOf(specifier);
  if (name === null) return null;
  const found = await findPackage(name, join(installDir, relative(base, dirname(importer))));
  return found && packageDirOf(found.dir) ? { specifier, kind, importer, packageDir: found.dir } : null;
}

/** The package.json files that decide how the code loads. */
async function manifestsOf(files: readonly string[], base: string): Promise<readonly NamedFile[]> {
  const manifests: NamedFile[] = [];
  for (const reader of files.filter(isCode)) {
    const path = await nearestManifest(dirname(reader), base);
    const text = path && (await readFile(path, 'utf8'));
    if (path && text && /"(?:type|imports|exports)"\s*:/.test(text)) manifests.push({ path, reader });
  }
  return manifests;
}

async function nearestManifest(from: string, base: string): Promise<string | null> {
  for (let dir = from; ; dir = dirname(dir)) {
    const path = toPosix(join(dir, 'package.json'));
    if (await exists(path)) return path;
    if (dir === base || dirname(dir) === dir) return null;
  }
}
