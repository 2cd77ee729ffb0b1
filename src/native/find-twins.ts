import { posix } from 'node:path';
import type { ElfFacts, NativeFile } from '../elf/types.ts';
import { compareCodeUnits } from '../util/path.ts';

export interface Hashed {
  readonly path: string;
  /** Equal for files that may become one. */
  readonly hash: string;
}

/** For each file that may become a link, the path of the file with the same bytes that stays; the first in order stays. */
export function findTwins(
  hashed: readonly Hashed[],
  natives: ReadonlyMap<string, NativeFile>,
): ReadonlyMap<string, string> {
  const hashes = new Map(hashed.map(({ path, hash }) => [path, hash]));
  const firsts = new Map<string, readonly string[]>();
  const twins = new Map<string, string>();
  for (const { path, hash } of [...hashed].sort((a, b) => compareCodeUnits(a.path, b.path))) {
    const stays = firsts.get(hash) ?? [];
    const twin = stays.find(other => findSame(path, other, natives, hashes));
    if (twin === undefined) firsts.set(hash, [...stays, path]);
    else twins.set(path, twin);
  }
  return twins;
}

/**
 * True where a library finds the same libraries from either place. The dynamic linker knows a file by its inode, so whichever
 * name is opened first decides where `$ORIGIN` leads for both.
 */
function findSame(
  path: string,
  other: string,
  natives: ReadonlyMap<string, NativeFile>,
  hashes: ReadonlyMap<string, string>,
): boolean {
  const native = natives.get(path);
  if (native?.format !== 'elf' || posix.dirname(path) === posix.dirname(other)) return true;
  return native.facts.needed.every(name => {
    const here = resolve(name, path, native.facts, natives);
    const there = resolve(name, other, native.facts, natives);
    if (here === there) return true;
    return here !== null && there !== null && hashes.get(here) === hashes.get(there) && hashes.has(here);
  });
}

function resolve(
  name: string,
  path: string,
  { rpath, runpath }: ElfFacts,
  natives: ReadonlyMap<string, NativeFile>,
): string | null {
  const origin = posix.dirname(path);
  const folders = [...rpath, ...runpath].map(folder =>
    posix.normalize(folder.replace(/^\$(?:ORIGIN|\{ORIGIN\})/, origin)),
  );
  return folders.map(folder => posix.join(folder, name)).find(candidate => natives.has(candidate)) ?? null;
}
