import { compareCodeUnits } from '../util/path.ts';
import { findSymbolNames } from './find-symbol-names.ts';
import type { ReadString } from './open-strings.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** A bound for crafted tables, far beyond the largest real library (libtensorflow_cc imports some thousands). */
const MAX_IMPORTS = 500_000;

/** Names of the dynamic symbols that the file uses and does not define; sorted, each once. */
export function readImports(source: ByteSource, elf: ElfFile, readString: ReadString): readonly string[] {
  const names = new Set<string>();
  // In the order of the string table, so that it is read once from front to back.
  for (const at of [...findSymbolNames(source, elf, 'undefined', MAX_IMPORTS)].sort((a, b) => a - b)) {
    const name = readString(at);
    if (name) names.add(name);
  }
  return [...names].sort(compareCodeUnits);
}
