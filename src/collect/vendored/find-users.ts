import { join } from 'node:path';
import { readBytesNative, readFileNative } from '../../elf/read-file-native.ts';
import type { NativeFile } from '../../elf/types.ts';
import type { Entry } from '../../types.ts';

/** The folder in the artifact that is on Lambda's search path. */
export const FOLDER = 'lib';

/**
 * Finds which of the libraries in `<dir>/lib` are needed, and by which paths in the artifact: those named in `wanted`, those that
 * native files among the entries need, and what these need in turn.
 */
export function findUsers(
  dir: string,
  libraries: readonly string[],
  wanted: readonly string[],
  entries: readonly Entry[],
): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>(wanted.map(name => [name, []]));
  const use = (path: string, native: NativeFile | null): void => {
    for (const name of native?.format === 'elf' ? native.facts.needed : [])
      if (libraries.includes(name)) users.set(name, [...(users.get(name) ?? []), path]);
  };
  for (const entry of entries) if (entry.kind === 'file') use(entry.path, readNative(entry));
  // A map gives what is added while it is walked.
  for (const name of users.keys()) {
    const path = `${FOLDER}/${name}`;
    use(path, readFileNative(path, join(dir, path)));
  }
  return users;
}

function readNative({ path, source }: Extract<Entry, { readonly kind: 'file' }>): NativeFile | null {
  return source.kind === 'memory' ? readBytesNative(path, source.data) : readFileNative(path, source.path);
}
