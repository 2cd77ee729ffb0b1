import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import { errnoOf } from '../util/fs.ts';
import { hashFile } from '../util/hash-file.ts';
import { compareCodeUnits } from '../util/path.ts';
import { hashEntries } from '../zip/hash-entries.ts';
import { readTexts } from '../zip/read-texts.ts';
import { readZipDirectory, type ZipEntry } from '../zip/read-zip.ts';

export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly compressedBytes: number | null;
}

/** An artifact that is read where it lies; of files with one path the first counts. */
export interface ArtifactSource {
  readonly zippedBytes: number | null;
  /** Files and links, sorted by path. */
  readonly files: readonly SourceFile[];
  /** Texts by path; files of more than `maxBytes` are none. */
  texts(isWanted: (path: string) => boolean): Promise<ReadonlyMap<string, string>>;
  /** SHA-256 by path, hex; of a link that of its target. */
  hashes(): Promise<ReadonlyMap<string, string>>;
}

/** Manifests, RECORDs and licences are small; one that is larger says nothing that is worth its reading. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
const MAX_ALL_BYTES = 1024 * 1024 * 1024;

/** Opens a zip or a folder. Throws `INPUT_UNREADABLE`, `NOT_A_ZIP`. */
export async function openSource(path: string, signal: AbortSignal): Promise<ArtifactSource> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  });
  return stats.isDirectory() ? openFolder(path, signal) : openZip(path, signal);
}

async function openZip(path: string, signal: AbortSignal): Promise<ArtifactSource> {
  const { entries, zippedBytes } = await readZipDirectory(path);
  const files = new Map<string, ZipEntry>();
  for (const entry of entries) if (isReadable(entry) && !files.has(entry.path)) files.set(entry.path, entry);
  const isFirst = (entry: ZipEntry): boolean =>
    files.get(entry.path)?.localHeaderOffset === entry.localHeaderOffset;
  return {
    zippedBytes,
    files: [...files.values()]
      .map(({ path, bytes, compressedBytes }) => ({ path, bytes, compressedBytes }))
      .sort((a, b) => compareCodeUnits(a.path, b.path)),
    texts: isWanted =>
      readTexts(path, entry => isFirst(entry) && entry.bytes <= MAX_TEXT_BYTES && isWanted(entry.path), {
        maxBytes: MAX_ALL_BYTES,
        signal,
      }),
    hashes: () => hashEntries(path, isFirst, { maxBytes: MAX_ALL_BYTES, signal }),
  };
}

/** What Lambda would not unpack is not looked into either. */
function isReadable({ kind, refused, isEncrypted, method }: ZipEntry): boolean {
  return (kind === 'file' || kind === 'link') && refused === null && !isEncrypted && [0, 8].includes(method);
}

async function openFolder(root: string, signal: AbortSignal): Promise<ArtifactSource> {
  const found: (SourceFile & { readonly isLink: boolean })[] = [];
  for (const pending = ['']; pending.length > 0; ) {
    const folder = pending.pop() ?? '';
    for (const entry of await listFolder(join(root, folder))) {
      signal.throwIfAborted();
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      const isLink = entry.isSymbolicLink();
      if (!entry.isFile() && !isLink) continue;
      const bytes = isLink ? 0 : (await lstat(join(root, path))).size;
      found.push({ path, bytes, compressedBytes: null, isLink });
    }
  }
  const files = found.sort((a, b) => compareCodeUnits(a.path, b.path));
  return {
    zippedBytes: null,
    files,
    texts: async isWanted => {
      const wanted = files.filter(
        ({ path, bytes, isLink }) => !isLink && bytes <= MAX_TEXT_BYTES && isWanted(path),
      );
      const texts = new Map<string, string>();
      for (const { path } of wanted) texts.set(path, await readFile(join(root, path), 'utf8'));
      return texts;
    },
    hashes: async () => {
      const hashes = new Map<string, string>();
      for (const { path, isLink } of files) {
        signal.throwIfAborted();
        hashes.set(path, isLink ? await hashLink(join(root, path)) : await hashFile(join(root, path)));
      }
      return hashes;
    },
  };
}

function listFolder(path: string) {
  return readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  });
}

async function hashLink(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readlink(path))
    .digest('hex');
}
