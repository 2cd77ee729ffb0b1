import { posix } from 'node:path';
import { readEntryText } from '../hooks/read-entry-text.ts';
import type { Entry, FileEntry } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';

/** In the order in which `require` tries them. */
const EXTENSIONS = ['.js', '.json', '.node'];
const PACKAGE = /^(.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/;

/**
 * Kept files and packages that Node.js would find without a word in the place of something that was taken out: `x.json` where
 * `x.js` was, `index.js` where the `main` of a package was, a package of the same name further up.
 */
export async function findSuspects(
  kept: readonly Entry[],
  gone: readonly FileEntry[],
): Promise<readonly string[]> {
  const missing = new Set<string>(gone.map(({ path }) => path));
  const files = new Map<string, FileEntry>();
  for (const entry of kept) if (entry.kind === 'file') files.set(entry.path, entry);
  const suspects = new Set<string>();
  for (const path of files.keys()) {
    if (isRivalled(path, missing) || (await isSecondChoice(path, missing, files))) suspects.add(path);
  }
  for (const path of [...missing, ...files.keys()]) {
    const rival = findOuterPackage(path, missing, files);
    if (rival !== null) suspects.add(rival);
  }
  return [...suspects].sort(compareCodeUnits);
}

/** True where the same request would have found another file first. */
function isRivalled(path: string, missing: ReadonlySet<string>): boolean {
  const { dir, name, ext } = posix.parse(path);
  const at = EXTENSIONS.indexOf(ext);
  if (at < 0) return false;
  const earlier = (base: string, count: number): boolean =>
    ['', ...EXTENSIONS.slice(0, count)].some(extension => missing.has(base + extension));
  if (earlier(posix.join(dir, name), at)) return true;
  return (
    name === 'index' && dir !== '' && (earlier(dir, EXTENSIONS.length) || missing.has(`${dir}/package.json`))
  );
}

/** True for the index of a folder whose `main` was taken out. */
async function isSecondChoice(
  path: string,
  missing: ReadonlySet<string>,
  files: ReadonlyMap<string, FileEntry>,
): Promise<boolean> {
  const { dir, name, ext } = posix.parse(path);
  const manifest = files.get(posix.join(dir, 'package.json'));
  if (name !== 'index' || !EXTENSIONS.includes(ext) || !manifest) return false;
  const main = readMain(await readEntryText(manifest));
  if (main === null) return false;
  const target = posix.join(dir, main).replace(/\/$/, '');
  const candidates = [target, `${target}/index`].flatMap(base => ['', ...EXTENSIONS].map(end => base + end));
  return candidates.some(candidate => missing.has(candidate));
}

function readMain(text: string): string | null {
  try {
    const json: unknown = JSON.parse(text);
    const main = typeof json === 'object' && json !== null && 'main' in json ? json.main : null;
    return typeof main === 'string' && main !== '' ? main : null;
  } catch {
    return null;
  }
}

/** A kept package that hides behind one of the same name, deeper inside, that was taken out. */
function findOuterPackage(
  path: string,
  missing: ReadonlySet<string>,
  files: ReadonlyMap<string, FileEntry>,
): string | null {
  if (!missing.has(path)) return null;
  const [, above = '', name = ''] = PACKAGE.exec(path) ?? [];
  for (let folder = posix.dirname(above); name !== '' && above !== ''; folder = posix.dirname(folder)) {
    const outer = posix.join(folder, 'node_modules', name);
    if (posix.basename(folder) !== 'node_modules' && files.has(`${outer}/package.json`)) return outer;
    if (folder === '.') return null;
  }
  return null;
}
