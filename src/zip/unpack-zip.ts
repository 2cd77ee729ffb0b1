import { chmod, open, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type * as yauzl from 'yauzl';
import { SlimError } from '../errors.ts';
import { errnoOf, makeFolders } from '../util/fs.ts';
import { toArtifactPath } from '../util/path.ts';
import { resolveLink } from '../util/resolve-link.ts';
import { checkUnpackable } from './check-unpackable.ts';
import { type Inflating, inflateEntry } from './inflate-entry.ts';
import { isClosed } from './is-closed.ts';
import { eachZipEntry, withZip, type ZipEntry } from './read-zip.ts';

export interface UnpackOptions {
  /** Most bytes that may come out of the zip, counted while they do. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** What only the owner may read stays so, as on Lambda; else all may read all. */
  readonly keepClosed?: boolean;
  /** Told the path of what only the owner may read. */
  readonly onClosed?: (path: string) => void;
}

type ReadEntry = readonly [ZipEntry, yauzl.Entry];

/** Longest target of a link that any system takes. */
const MAX_TARGET_BYTES = 4096;

/** Characters of a path that is too long that are shown. */
const MAX_SHOWN = 80;

/**
 * Unpacks a zip that anybody may have made into an empty folder; returns the bytes that came out. Nothing is written outside
 * of it or through a link, and links lead to its inside only. Throws `NOT_A_ZIP`, `ZIP_UNSAFE`, `ZIP_BOMB`,
 * `OUTPUT_UNWRITABLE` and `CANCELLED`; what was unpacked until then stays, for the caller to remove.
 */
export async function unpackZip(path: string, dir: string, options: UnpackOptions): Promise<number> {
  return withZip(path, async zip => {
    const entries: ReadEntry[] = [];
    for await (const pair of eachZipEntry(path, zip)) entries.push(pair);
    const directory = entries.map(([entry]) => entry);
    checkUnpackable(path, directory, options.maxBytes);
    const state: Inflating = { path, zip, ...options, total: 0 };
    try {
      await prepareFolder(dir);
      await makeLinks(path, dir, await unpackEntries(state, dir, entries));
      await closeEntries(dir, directory.filter(isClosed), options);
    } catch (error) {
      throw error instanceof SlimError
        ? error
        : new SlimError('OUTPUT_UNWRITABLE', [dir, reasonOf(error)], { cause: error });
    }
    return state.total;
  });
}

async function prepareFolder(dir: string): Promise<void> {
  await makeFolders(dir);
  if ((await readdir(dir)).length > 0)
    throw new SlimError('OUTPUT_UNWRITABLE', [dir, 'the folder is not empty']);
}

/** Unpacks folders and files; returns the links, which are made last so that no file is written through one. */
async function unpackEntries(
  state: Inflating,
  dir: string,
  entries: readonly ReadEntry[],
): Promise<ReadonlyMap<string, string>> {
  const links = new Map<string, string>();
  for (const [entry, raw] of entries) {
    const target = join(dir, toArtifactPath(entry.path.replace(/\/$/, '')));
    await explainName(state.path, entry, () =>
      makeFolders(entry.kind === 'folder' ? target : dirname(target)),
    );
    if (entry.kind === 'link') links.set(entry.path, await readTarget(state, entry, raw));
    if (entry.kind === 'file') await unpackFile(state, entry, raw, target);
  }
  return links;
}

async function unpackFile(
  state: Inflating,
  entry: ZipEntry,
  raw: yauzl.Entry,
  target: string,
): Promise<void> {
  const file = await explainName(state.path, entry, () => open(target, 'wx', 0o600));
  try {
    for await (const chunk of inflateEntry(state, entry, raw)) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
  await chmod(target, entry.mode & 0o111 ? 0o755 : 0o644);
}

/** At the end, since nothing can be put into a folder that is closed, unless by root. */
async function closeEntries(
  dir: string,
  entries: readonly ZipEntry[],
  { keepClosed, onClosed }: UnpackOptions,
): Promise<void> {
  for (const { path, mode } of entries) {
    onClosed?.(path);
    if (keepClosed) await chmod(join(dir, path), 0o600 | (mode & 0o111 ? 0o100 : 0));
  }
}

/** A name that the system refuses is the zip's fault, and not that of the folder. */
async function explainName<T>(zip: string, { path }: ZipEntry, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (errnoOf(error) !== 'ENAMETOOLONG') throw error;
    const shown = path.length > MAX_SHOWN ? `${path.slice(0, MAX_SHOWN)}…` : path;
    throw new SlimError('ZIP_UNSAFE', [zip, shown, 'has a name that is too long for a file'], {
      cause: error,
    });
  }
}

async function readTarget(state: Inflating, entry: ZipEntry, raw: yauzl.Entry): Promise<string> {
  if (entry.bytes > MAX_TARGET_BYTES) {
    throw new SlimError('ZIP_UNSAFE', [state.path, entry.path, 'is a link with too long a target']);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of inflateEntry(state, entry, raw)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function makeLinks(zip: string, dir: string, links: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, target] of links) {
    if (resolveLink(path, links) === null) {
      throw new SlimError('ZIP_UNSAFE', [
        zip,
        path,
        `is a link to ${JSON.stringify(target)}, outside of the zip`,
      ]);
    }
  }
  for (const [path, target] of links) await symlink(target, join(dir, path));
}

function reasonOf(error: unknown): string {
  return errnoOf(error) ?? (error instanceof Error ? error.message : String(error));
}
