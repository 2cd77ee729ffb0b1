import { posix } from 'node:path';
import { readBytesNative, readFileNative } from '../elf/read-file-native.ts';
import type { ElfFacts, NativeFile } from '../elf/types.ts';
import { libraryPath } from '../platform/system-libraries.ts';
import type { Entry, FileEntry } from '../types.ts';
import { followLinks } from '../util/follow-links.ts';

const TASK_ROOT = '/var/task';

/** What the dynamic linker would say of the files of a tree. */
export interface NativeNeeds {
  readonly needed: (path: string) => readonly string[];
  readonly isNative: (path: string) => boolean;
}

/**
 * Answers "which files does the dynamic linker need for this one?": its DT_NEEDED as found by RPATH, RUNPATH and
 * LD_LIBRARY_PATH in the tree, with the links on the way. A name that no path leads to may be loaded already, so every file of
 * that name or SONAME counts.
 */
export function makeNativeNeeds(entries: readonly Entry[]): NativeNeeds {
  const links = new Map(
    entries.flatMap(entry => (entry.kind === 'link' ? [[entry.path, entry.target] as const] : [])),
  );
  const natives = new Map(
    entries.flatMap(entry => {
      const native = entry.kind === 'file' ? readNative(entry) : null;
      return native ? [[entry.path as string, native] as const] : [];
    }),
  );
  const byName = groupByName(natives);
  const findByPath = (name: string, dirs: readonly string[]): readonly string[] | null => {
    for (const dir of dirs) {
      const found = followLinks(`${dir}/${name}`, links);
      if (found && natives.has(found.path)) return [...found.via, found.path];
    }
    return null;
  };
  const needed = (path: string): readonly string[] => {
    const native = natives.get(path);
    if (native?.format !== 'elf') return [];
    const dirs = dirsOf(path, native.facts);
    return native.facts.needed.flatMap(name => findByPath(name, dirs) ?? byName.get(name) ?? []);
  };
  return { needed, isNative: path => natives.has(path) };
}

function readNative({ path, source }: FileEntry): NativeFile | null {
  return source.kind === 'memory' ? readBytesNative(path, source.data) : readFileNative(path, source.path);
}

function groupByName(natives: ReadonlyMap<string, NativeFile>): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [path, native] of natives) {
    const soname = native.format === 'elf' ? native.facts.soname : null;
    for (const name of new Set([posix.basename(path), soname ?? '']))
      groups.set(name, [...(groups.get(name) ?? []), path]);
  }
  return groups;
}

/** In the order of ld.so(8), from the root of the artifact; folders outside of it are not its own. */
function dirsOf(path: string, { rpath, runpath }: ElfFacts): readonly string[] {
  const own = `${TASK_ROOT}/${posix.dirname(path)}`;
  const expand = (dirs: readonly string[]): readonly string[] =>
    dirs.map(dir =>
      posix.resolve(
        TASK_ROOT,
        dir.replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, () => own),
      ),
    );
  const all = [...(runpath.length > 0 ? [] : expand(rpath)), ...libraryPath, ...expand(runpath)];
  return all.flatMap(dir =>
    dir === TASK_ROOT ? [''] : dir.startsWith(`${TASK_ROOT}/`) ? [dir.slice(TASK_ROOT.length + 1)] : [],
  );
}
