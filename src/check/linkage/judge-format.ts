import { isLibraryName } from '../../elf/is-library-name.ts';
import { neverOnLinux } from '../../platform/system-libraries.ts';
import { nameOf, namesPlatform, unitOf } from './name-parts.ts';
import type { PlacedFile, Problem } from './types.ts';

/** Holes below this are the rounding of a linker, bytes. */
const MIN_HOLES = 1024 * 1024;

/** Judges a file by what its bytes are: not for Linux, damaged, or no library at all. Holds for every runtime. */
export function judgeFormat(file: PlacedFile): readonly Problem[] {
  const { native } = file;
  switch (native.format) {
    case 'mach-o':
      return judgeForeign(file, 'macOS');
    case 'pe':
      return judgeForeign(file, 'Windows');
    case 'broken': {
      const level = isLibraryName(file.path) ? 'error' : 'warning';
      return [{ file, facts: { code: 'LIBRARY_BROKEN', level, what: 'broken', reason: native.reason } }];
    }
    case 'other':
      return isLibraryName(file.path)
        ? [
            {
              file,
              facts: {
                code: 'LIBRARY_BROKEN',
                // Only what somebody forgot to fetch is meant to be a library.
                level: native.looksLike === 'git-lfs pointer' ? 'error' : 'warning',
                what: native.looksLike,
                reason: null,
              },
            },
          ]
        : [];
    case 'elf':
      return judgeElf(file, native.facts.damage, native.facts.holes);
    default:
      return native satisfies never;
  }
}

function judgeElf(file: PlacedFile, damage: readonly string[], holes: number): readonly Problem[] {
  const problems: Problem[] = [];
  const [reason] = damage;
  if (reason !== undefined) problems.push({ file, facts: { code: 'STRIP_DAMAGED', level: 'error', reason } });
  if (holes > MIN_HOLES) problems.push({ file, facts: { code: 'LIBRARY_HOLES', level: 'info', holes } });
  return problems;
}

function judgeForeign(file: PlacedFile, system: 'macOS' | 'Windows'): readonly Problem[] {
  const level = wouldBeTried(file.path) ? 'error' : 'warning';
  return [{ file, facts: { code: 'NOT_LINUX', level, systems: [system] } }];
}

/** Windows programs that travel along, such as the launchers of setuptools, are no sign of an install for the wrong system. */
function wouldBeTried(path: string): boolean {
  const { dir } = unitOf(path);
  if (neverOnLinux.has(nameOf(dir))) return false;
  // Bare is another runtime for JavaScript with addons of its own.
  if (path.endsWith('.bare')) return false;
  return !/\.exe$/i.test(path) || namesPlatform(dir);
}

/** True for files that Linux code never opens by their name, so that only the want of any other library makes them matter. */
export function isForeignName(path: string): boolean {
  return /\.(?:exe|dll|dylib)$/i.test(path);
}
