import type { Runtime } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';
import { type Grouped, isOwnGroup, type SplitTree } from './split-tree.ts';

/**
 * A path by which the function knows that a folder is a release of its own, whichever: `current` may lead to one that is newer than the
 * function. So it is the folder of a package that own code imports, and no file, which a new version may lack; else a folder of own
 * files. Empty where there is nothing that would stay.
 */
export function chooseExpected({ zip, bundle }: SplitTree, language: Runtime['language']): string {
  const packages = bundle.filter(({ group }) => !isOwnGroup(group));
  const isOwn = language === 'nodejs' ? isNoPackage : isIn(new Set(zip.map(({ path }) => path)));
  const asked = packages.filter(({ entry: { origin } }) => 'parents' in origin && origin.parents.some(isOwn));
  const placeOf = language === 'nodejs' ? npmFolderOf : importedFrom;
  const first = (of: readonly Grouped[]): string | undefined =>
    of.flatMap(({ entry }) => placeOf(entry.path) ?? []).sort(compareCodeUnits)[0];
  const folder = bundle.find(({ group }) => group.endsWith('/'))?.group.slice(0, -1);
  return first(asked) ?? first(packages) ?? folder ?? '';
}

/** Own sources may be bundled, so that no file of the tree has their names. */
function isNoPackage(parent: string): boolean {
  return npmFolderOf(parent) === null;
}

/** A source may have left its place to its bytecode. */
function isIn(paths: ReadonlySet<string>): (parent: string) => boolean {
  return parent => paths.has(parent) || paths.has(`${parent}c`);
}

function npmFolderOf(path: string): string | null {
  return /^node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? null;
}

/** The folder of a package or a module; not what has a version, a platform or a hash in its name, nor tools. */
function importedFrom(path: string): string | null {
  const [top = '', below] = path.split('/');
  if (below === undefined) return /^[A-Za-z_]\w*\.py$/.test(top) ? top : null;
  return /^[A-Za-z_]\w*$/.test(top) && top !== 'bin' && top !== '__pycache__' ? top : null;
}
