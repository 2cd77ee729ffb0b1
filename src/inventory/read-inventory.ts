import { basename } from 'node:path';
import { compareCodeUnits } from '../util/path.ts';
import { type FoundPackage, findPackages, makeFinder, saysOfPackages } from './find-packages.ts';
import { type ArtifactSource, openSource, type SourceFile } from './open-source.ts';
import { type ManifestNews, readManifestNews } from './read-bundled.ts';
import type { Inventory, InventoryFile, InventoryPackage } from './types.ts';

/** Lists what is in a zip or a folder, whoever made it, by package. Throws `INPUT_UNREADABLE`, `NOT_A_ZIP`, `ZIP_UNSAFE`, `CANCELLED`. */
export async function readInventory(path: string, signal: AbortSignal): Promise<Inventory> {
  return (await openInventory(path, signal)).inventory;
}

/** An artifact that was listed and can be read further. */
export interface OpenInventory {
  readonly inventory: Inventory;
  readonly source: ArtifactSource;
  /** Packages with files of their own. */
  readonly found: readonly FoundPackage[];
}

/** The same, for reading texts and digests as well. Throws like `readInventory`. */
export async function openInventory(path: string, signal: AbortSignal): Promise<OpenInventory> {
  const source = await openSource(path, signal);
  const found = findPackages(await source.texts(saysOfPackages));
  const news = await readManifestNews(path);
  const files = groupFiles(source.files, found, news);
  const inventory = {
    path,
    name: news.name ?? basename(path).replace(/\.zip$/, ''),
    zippedBytes: source.zippedBytes,
    unzippedBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: files.map(({ owner: _, ...file }) => file),
    packages: [...weigh(found, files), ...listBundled(news, files)].sort(comparePackages),
  };
  return { inventory, source, found };
}

type Owned = InventoryFile & { readonly owner: FoundPackage | null };

function groupFiles(
  files: readonly SourceFile[],
  found: readonly FoundPackage[],
  news: ManifestNews,
): readonly Owned[] {
  const find = makeFinder(found);
  return files.map(file => {
    const owner = find(file.path) ?? null;
    return { ...file, owner, group: owner ? labelOf(owner) : nameOwn(file.path, news) };
  });
}

/** `sharp@0.34.1`; the bare name where the version is not known. */
export function labelOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return version === '' ? name : `${name}@${version}`;
}

function nameOwn(path: string, { bundled }: ManifestNews): string {
  if (bundled.has(path)) return 'your bundled code';
  return path.includes('/') ? `your files in ${path.slice(0, path.indexOf('/'))}/` : 'your files';
}

function weigh(found: readonly FoundPackage[], files: readonly Owned[]): readonly InventoryPackage[] {
  const byOwner = new Map<FoundPackage, Owned[]>(found.map(each => [each, []]));
  for (const file of files) if (file.owner) byOwner.get(file.owner)?.push(file);
  return [...byOwner].map(([{ ecosystem, name, version, dir, requires, license }, own]) => ({
    ...{ ecosystem, name, version, dir, requires, license },
    isBundled: false,
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    compressedBytes: own.reduce<number | null>(
      (sum, { compressedBytes }) => (compressedBytes === null ? sum : (sum ?? 0) + compressedBytes),
      null,
    ),
    files: own.length,
  }));
}

/** A manifest of another build may name bundles that are not here. */
function listBundled({ bundled }: ManifestNews, files: readonly Owned[]): readonly InventoryPackage[] {
  const here = new Set(files.map(({ path }) => path));
  return [...bundled].flatMap(([dir, packages]) =>
    here.has(dir)
      ? packages.map(each => ({
          ...{ ecosystem: 'npm' as const, dir, isBundled: true, compressedBytes: null, files: 0 },
          ...each,
        }))
      : [],
  );
}

function comparePackages(a: InventoryPackage, b: InventoryPackage): number {
  const keys = ['ecosystem', 'name', 'version', 'dir'] as const;
  return keys.map(key => compareCodeUnits(a[key], b[key])).find(order => order !== 0) ?? 0;
}
