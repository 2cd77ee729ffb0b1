import { lstatSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileNative } from '../../elf/read-file-native.ts';
import { SlimError } from '../../errors.ts';
import type { NativeEntry, NativeLink } from '../../types.ts';
import { errnoOf } from '../../util/fs.ts';
import { compareCodeUnits, toPosix } from '../../util/path.ts';
import { COMPRESSED_INDEX, listCompressed, readCompressedIndex } from './compressed-index.ts';
import { contentsOfFolder } from './contents.ts';
import type { Inspected } from './inspected.ts';

interface Listing {
  readonly files: { readonly path: string; readonly bytes: number; readonly mode: number }[];
  readonly links: NativeLink[];
}

/** Reads a folder as Lambda would find it unpacked. Links are kept and never followed. Throws `INPUT_UNREADABLE`, `FILE_UNREADABLE`. */
export async function inspectFolder(dir: string): Promise<Inspected> {
  const listing: Listing = { files: [], links: [] };
  await list(dir, '', listing);
  listing.files.sort((a, b) => compareCodeUnits(a.path, b.path));
  const index = listing.files.find(({ path }) => path === COMPRESSED_INDEX);
  const libraries = index
    ? await readCompressedIndex(index.bytes, () => readFile(join(dir, index.path), 'utf8'))
    : null;
  return {
    facts: {
      path: dir,
      sha256: null,
      codeSha256: null,
      zippedBytes: null,
      unzippedBytes: listing.files.reduce((sum, { bytes }) => sum + bytes, 0),
      files: listing.files.length + listing.links.length,
    },
    sizes: new Map([
      ...listing.files.map(({ path, bytes }) => [path, bytes] as const),
      ...listing.links.map(({ path }) => [path, 0] as const),
    ]),
    crcs: null,
    modes: new Map(listing.files.map(({ path, mode }) => [path, mode])),
    withContents: contentsOfFolder(dir),
    natives: {
      files: listing.files.flatMap((file): NativeEntry[] => {
        const native = readFileNative(file.path, join(dir, file.path));
        return native ? [{ ...file, native }] : [];
      }),
      links: listing.links,
      compressed: listCompressed(libraries),
    },
    libraries,
    findings: [],
  };
}

async function list(root: string, folder: string, { files, links }: Listing): Promise<void> {
  const pending = [folder];
  for (const next of pending) {
    const at = join(root, next);
    const entries = await readdir(at, { withFileTypes: true }).catch((error: unknown) => {
      throw new SlimError('INPUT_UNREADABLE', [at, errnoOf(error) ?? String(error)], { cause: error });
    });
    for (const entry of entries) {
      const path = next === '' ? entry.name : `${next}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      if (entry.isSymbolicLink()) links.push({ path, target: toPosix(await readlink(join(root, path))) });
      if (!entry.isFile()) continue;
      const { size, mode } = lstatSync(join(root, path));
      files.push({ path, bytes: size, mode: mode & 0o777 });
    }
  }
}
