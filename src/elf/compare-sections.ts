import { SHF, SHT } from './constants.ts';
import { findInMemory } from './find-in-memory.ts';
import type { ElfFile, Section } from './types.ts';

/** What became of the loaded sections, where the stripped file has a section table: nothing may, but for offsets. */
export function compareSections(original: ElfFile, stripped: ElfFile): readonly string[] {
  if (stripped.sectionProblem !== null) return [stripped.sectionProblem];
  if (stripped.sections.length === 0) return [];
  const kept = new Map(stripped.sections.filter(isKept).map(section => [keyOf(section), section]));
  return original.sections.filter(isKept).flatMap(section => {
    const found = kept.get(keyOf(section));
    if (!found) return [`its section ${JSON.stringify(section.name)} is gone or changed`];
    const isPlaced = found.type === SHT.NOBITS || findInMemory(stripped, found.addr)?.offset === found.offset;
    const wasPlaced = findInMemory(original, section.addr)?.offset === section.offset;
    const name = JSON.stringify(section.name);
    return isPlaced || !wasPlaced ? [] : [`its section ${name} has another offset than its address says`];
  });
}

/** Tools may do as they like with an empty section. */
function isKept({ flags, size, type }: Section): boolean {
  return Math.floor(flags / SHF.ALLOC) % 2 === 1 && size > 0 && type !== SHT.NULL;
}

function keyOf({ name, type, flags, addr, size }: Section): string {
  return [name, type, flags, addr, size].join('\0');
}
