import { posix } from 'node:path';
import type { ElfFacts } from '../../elf/types.ts';
import { libraryPath, type SystemLibraries, systemDirs } from '../../platform/system-libraries.ts';
import { type FileSystem, TASK_ROOT } from './place-files.ts';
import type { PlacedFile } from './types.ts';

/** What the dynamic linker finds for a needed name. */
export type Resolution =
  | { readonly kind: 'file'; readonly file: PlacedFile }
  | { readonly kind: 'compressed' }
  | { readonly kind: 'system' }
  | { readonly kind: 'uncertain' }
  | { readonly kind: 'missing' };

/** Who looks for a library: its facts, the path it was loaded by, and RPATHs of what loaded it, already expanded. */
export interface Seeker {
  readonly facts: ElfFacts;
  readonly at: string;
  readonly isProgram: boolean;
  readonly inherited: readonly string[];
}

const MISSING: Resolution = { kind: 'missing' };
const SYSTEM: Resolution = { kind: 'system' };

/**
 * Finds a needed library in the order of glibc (elf/dl-load.c, `_dl_map_object`): what the process has loaded already, RPATH
 * of the file and of what loaded it unless the file has a RUNPATH, LD_LIBRARY_PATH, RUNPATH, the folders of the system.
 */
export function resolveNeed(
  name: string,
  seeker: Seeker,
  fs: FileSystem,
  system: SystemLibraries,
): Resolution {
  if (!seeker.isProgram && system.loaded.has(name)) return SYSTEM;
  if (name.includes('/')) return asResolution(fs.find(posix.resolve(TASK_ROOT, name)), seeker) ?? MISSING;
  for (const dir of searchDirs(seeker)) {
    if (systemDirs.has(dir)) {
      if (system.present.has(name)) return SYSTEM;
      continue;
    }
    const found = asResolution(fs.find(posix.join(dir, name)), seeker);
    if (found) return found;
  }
  if (system.present.has(name)) return SYSTEM;
  return system.uncertain.has(name) ? { kind: 'uncertain' } : MISSING;
}

/** The artifact's own copy of a library that the system's wins over, or null. */
export function findShadowed(name: string, seeker: Seeker, fs: FileSystem): PlacedFile | null {
  for (const dir of searchDirs(seeker)) {
    const found = systemDirs.has(dir) ? null : asResolution(fs.find(posix.join(dir, name)), seeker);
    if (found?.kind === 'file' && found.file.at !== seeker.at) return found.file;
  }
  return null;
}

/** The RPATH of a file that what it loads looks through as well; none where it has a RUNPATH. */
export function inheritableDirs({ facts, at }: Seeker): readonly string[] {
  return facts.runpath.length > 0 ? [] : facts.rpath.map(dir => expandDir(dir, at, facts.machine));
}

function searchDirs(seeker: Seeker): readonly string[] {
  const { facts, at, inherited } = seeker;
  if (facts.runpath.length > 0)
    return [...libraryPath, ...facts.runpath.map(dir => expandDir(dir, at, facts.machine))];
  return [...inheritableDirs(seeker), ...inherited, ...libraryPath];
}

/** Replaces the tokens of ld.so(8); an empty or relative folder is one of the working directory. */
function expandDir(dir: string, at: string, machine: string): string {
  const expanded = dir
    .replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, () => posix.dirname(at))
    .replace(/\$(?:LIB\b|\{LIB\})/g, 'lib64')
    .replace(/\$(?:PLATFORM\b|\{PLATFORM\})/g, () => machine);
  return posix.resolve(TASK_ROOT, expanded);
}

/** The linker goes on to the next folder when a file is for another CPU. */
function asResolution(found: ReturnType<FileSystem['find']>, { facts }: Seeker): Resolution | null {
  if (found === 'compressed') return { kind: 'compressed' };
  if (found?.native.format !== 'elf') return null;
  const { machine, bits } = found.native.facts;
  return machine === facts.machine && bits === facts.bits ? { kind: 'file', file: found } : null;
}
