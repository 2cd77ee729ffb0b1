import type { Entry } from '../types.ts';

const CODE = /\.(?:[cm]?js|pyc?)$/;
const SCRIPT = /\.[cm]?js$/;
const INIT = /\/__init__\.pyc?$/;

/**
 * Makes the question which own files stay beside the handler, which finds its modules there and nowhere else: what its imports reach,
 * scripts that it names by their path, and code in the folders and packages of all these. Other code, as that of a model, may go.
 */
export function ownCodeFinder(entries: readonly Entry[]): (entry: Entry) => boolean {
  const reached = entries.filter(isReached).map(({ path }) => path);
  const folders = new Set(reached.filter(path => CODE.test(path)).map(folderOf));
  const packages = reached.filter(path => INIT.test(path)).map(path => `${folderOf(path)}/`);
  return entry => {
    const { path } = entry;
    const isBeside = folders.has(folderOf(path)) || packages.some(folder => path.startsWith(folder));
    return isReached(entry) || (CODE.test(path) && isBeside);
  };
}

function isReached({ path, origin: { kind } }: Entry): boolean {
  return kind === 'asset' ? SCRIPT.test(path) : kind === 'entry' || kind === 'traced' || kind === 'generated';
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
