import { lstatSync, readlinkSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileNative } from '../../elf/read-file-native.ts';
import { SlimError } from '../../errors.ts';
import type { Finding } from '../../findings.ts';
import type { NativeEntry, NativeLink } from '../../types.ts';
import { explainSource } from '../../util/explain-source.ts';
import { errnoOf } from '../../util/fs.ts';
import { compareCodeUnits, toPosix } from '../../util/path.ts';
import { COMPRESSED_INDEX, listCompressed, readCompressedIndex } from './compressed-index.ts';
import { contentsOfFolder } from './contents.ts';
import type { Inspected } from './inspected.ts';

interface Listing {
  readonly files: { readonly path: string; readonly bytes: number; readonly mode: number }[];
  readonly links: NativeLink[];
  /** Whose names are not UTF-8. */
  readonly nameless: string[];
}

/** Reads a folder as Lambda would find it unpacked. Links are kept and never followed. Throws `INPUT_UNREADABLE`, `FILE_UNREADABLE`, `FILE_CHANGED`. */
export async function inspectFolder(dir: string): Promise<Inspected> {
  const listing: Listing = { files: [], links: [], nameless: [] };
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
    findings: listing.nameless
      .sort(compareCodeUnits)
      .map((path): Finding => ({ code: 'NAME_NOT_UTF8', level: 'warning', path })),
  };
}

async function list(root: string, folder: string, { files, links, nameless }: Listing): Promise<void> {
  const pending = [folder];
  for (const next of pending) {
    const at = join(root, next);
    const entries = await readdir(at, { withFileTypes: true, encoding: 'buffer' }).catch((error: unknown) => {
      throw new SlimError('INPUT_UNREADABLE', [at, errnoOf(error) ?? String(error)], { cause: error });
    });
    for (const entry of entries) {
      const name = entry.name.toString();
      const path = next === '' ? name : `${next}/${name}`;
      const file = join(root, path);
      // No text leads to what it names.
      if (!entry.name.equals(Buffer.from(name))) {
        nameless.push(path);
        continue;
      }
      if (entry.isDirectory()) pending.push(path);
      if (entry.isSymbolicLink())
        links.push({ path, target: toPosix(explainSource(file, () => readlinkSync(file))) });
      if (!entry.isFile()) continue;
      const { size, mode } = explainSource(file, () => lstatSync(file));
      files.push({ path, bytes: size, mode: mode & 0o777 });
    }
  }
}
