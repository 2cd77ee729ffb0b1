import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf, exists, orNull, writeAtomic } from '../util/fs.ts';
import { chunkKey, manifestKey, POINTER_KEY } from './keys.ts';
import type { BundleRelease } from './replace-bundle.ts';

/** Writes the files of a bundle beside those of the one that is there. */
export interface BundleWriter {
  /** Writes a file whose name stands for its content, once. Throws `OUTPUT_UNWRITABLE`. */
  write(key: string, content: Uint8Array): Promise<void>;
  /** Writes the pointer: from then on the folder holds the new bundle, and nothing can be undone. */
  commit(pointer: Uint8Array): Promise<void>;
  /** What was written, bytes. */
  writtenBytes(): number;
  /** Removes what was written, unless it was committed. */
  undo(): Promise<void>;
}

/** Opens a bundle's folder for writing; `old` is what it holds. */
export async function openWriter(dir: string, old: BundleRelease | null): Promise<BundleWriter> {
  const isNew = !(await exists(dir));
  const oldKeys = new Set(old ? [manifestKey(old.release), ...old.manifest.chunks.map(chunkKey)] : []);
  const writing = new Map<string, Promise<void>>();
  let isCommitted = false;
  let bytes = 0;
  const put = (key: string, content: Uint8Array, flush: boolean): Promise<void> =>
    writeAtomic(join(dir, key), file => file.writeFile(content), { flush });
  return {
    write: (key, content) => {
      const begun = writing.get(key);
      if (begun) return begun;
      bytes += content.length;
      // Whoever reads it holds it to the hash in its name.
      const write = put(key, content, false);
      writing.set(key, write);
      return write;
    },
    commit: async pointer => {
      await put(POINTER_KEY, pointer, true);
      isCommitted = true;
    },
    writtenBytes: () => bytes,
    undo: async () => {
      if (isCommitted) return;
      await Promise.allSettled(writing.values());
      const keys = [...writing.keys()].filter(key => !oldKeys.has(key));
      for (const key of keys) await orNull(rm(join(dir, key), { force: true }));
      const folders = new Set(keys.map(key => dirname(join(dir, key))));
      for (const folder of [...folders, ...(isNew ? [dir] : [])]) await removeIfEmpty(folder);
    },
  };
}

async function removeIfEmpty(dir: string): Promise<void> {
  await rmdir(dir).catch((error: unknown) => {
    if (!['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST'].includes(errnoOf(error) ?? '')) throw error;
  });
}
