import { followLinks } from '../../util/follow-links.ts';
import { compareCodeUnits } from '../../util/path.ts';
import { findUnit } from './find-unit.ts';
import type { Need } from './library-graph.ts';
import { folderOf, foldersOf, type TreeIndex } from './tree-index.ts';
import type { MirrorInput, MirrorLink } from './types.ts';

export interface MirrorContents {
  readonly language: MirrorInput['language'];
  readonly index: TreeIndex;
  readonly needs: readonly Need[];
  readonly compressed: ReadonlySet<string>;
  /** What the mirror has to have under its own path: files loaded from there, and files moved aside. */
  readonly present: ReadonlySet<string>;
  /** Where a file lies in the artifact by now, where that is not its own path. */
  readonly places: ReadonlyMap<string, string>;
}

export interface Furniture {
  readonly links: readonly MirrorLink[];
  readonly aliases: readonly MirrorLink[];
}

/**
 * The links that make the mirror whole. The dynamic linker takes `$ORIGIN` from the name by which a library was opened, but `..`
 * behind a linked folder leads back into the artifact. So each folder above a file that counts is a true one, filled with links
 * to files and to the folders in which nothing counts.
 */
export function furnishMirror(contents: MirrorContents): Furniture {
  const { index, compressed, language, present } = contents;
  const units = new Set([...present].map(path => findUnit(path, language)));
  const explicit = findExplicit(contents, units);
  const real = realFolders(explicit);
  const inUnits = [...real].filter(folder => isInside(folder, units));
  const listed = inUnits.flatMap(folder =>
    [...(index.folders.get(folder) ?? [])].map(name => `${folder}/${name}`),
  );
  const places = [...new Set([...explicit, ...listed])]
    .filter(path => !real.has(path) && !compressed.has(path))
    .sort(compareCodeUnits);
  const made = places.flatMap(path => furnish(path, real, contents));
  return {
    links: made.flatMap(({ kind, ...link }) => (kind === 'link' ? [link] : [])),
    aliases: made.flatMap(({ kind, ...link }) => (kind === 'alias' ? [link] : [])),
  };
}

/** All paths that have to be there by name: grows until every library in a true folder sees what it needs. */
function findExplicit(contents: MirrorContents, units: ReadonlySet<string>): ReadonlySet<string> {
  const { needs, language, present, index } = contents;
  const explicit = new Set(present);
  if (language === 'python' && present.size > 0)
    for (const folder of vendorFolders(index)) explicit.add(folder);
  for (let size = -1; size !== explicit.size; ) {
    size = explicit.size;
    const real = realFolders(explicit);
    for (const { from, to, via, byLibraryPath } of needs) {
      const folder = folderOf(from);
      const seen = present.has(from) || (real.has(folder) && isInside(folder, units));
      if (!seen || byLibraryPath) continue;
      for (const link of via) explicit.add(link);
      if (!isInside(to, units)) explicit.add(findUnit(to, language));
    }
  }
  return explicit;
}

/** `numpy.libs` and its like, where auditwheel puts the libraries of a wheel; named by the wheel, not by its package. */
function vendorFolders({ folders }: TreeIndex): readonly string[] {
  return [...(folders.get('') ?? [])].filter(name => name.endsWith('.libs') && folders.has(name));
}

function realFolders(paths: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...paths].flatMap(foldersOf));
}

function isInside(path: string, units: ReadonlySet<string>): boolean {
  return units.has(path) || foldersOf(path).some(folder => units.has(folder));
}

type Made = MirrorLink & { readonly kind: 'link' | 'alias' };

function furnish(path: string, real: ReadonlySet<string>, contents: MirrorContents): readonly Made[] {
  const { index, compressed, places } = contents;
  const place = places.get(path) ?? path;
  if (place !== path || !index.links.has(path)) return [{ kind: 'link', path, target: place }];
  const end = followLinks(path, index.links)?.path;
  if (end === undefined || !(index.files.has(end) || index.folders.has(end))) return [];
  if (compressed.has(end) || real.has(end)) return [{ kind: 'alias', path, target: end }];
  return [{ kind: 'link', path, target: places.get(end) ?? path }];
}
