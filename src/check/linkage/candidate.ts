import { isLibraryName } from '../../elf/is-library-name.ts';
import type { ElfFacts } from '../../elf/types.ts';
import type { PlacedFile } from './types.ts';

/** An ELF file that could run on the platform by its CPU and C library. */
export interface Candidate {
  readonly file: PlacedFile;
  readonly facts: ElfFacts;
}

/** True for a file that is run, not loaded; some libraries name an interpreter too, libc among them. */
export function isProgram({ path }: PlacedFile, facts: ElfFacts): boolean {
  if (facts.kind === 'executable') return true;
  return facts.kind === 'shared' && facts.interpreter !== null && !isLibraryName(path);
}
