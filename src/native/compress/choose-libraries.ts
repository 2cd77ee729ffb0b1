import { posix } from 'node:path';
import type { ElfFacts } from '../../elf/types.ts';
import { matchGlobs } from '../../presets/match-glob.ts';
import type { CompressChoice, FileEntry } from '../../types.ts';

/** True for a program, which the kernel starts; a library has no interpreter. */
export function isExecutable({ kind, interpreter }: ElfFacts): boolean {
  return kind === 'executable' || interpreter !== null;
}

/** True for an addon of Node.js. */
export function isAddon(path: string): boolean {
  return posix.extname(path) === '.node';
}

export type Chooses = (file: FileEntry, facts: ElfFacts) => boolean;

/** Makes the test for what the user wants compressed, whether or not it can be. */
export function makeChooser({ minBytes, only, except }: CompressChoice): Chooses {
  const named = matchGlobs(only);
  const excepted = matchGlobs(except);
  return (file, facts) => {
    if (facts.kind === 'relocatable' || excepted(file.path)) return false;
    if (only.length > 0) return named(file.path);
    return file.bytes >= minBytes && !isExecutable(facts);
  };
}
