import { compareHeaders, tableEnd } from './compare-headers.ts';
import { compareMemory, loadsOf } from './compare-memory.ts';
import { compareSections } from './compare-sections.ts';
import { compareSegments } from './compare-segments.ts';
import { findGaps, findUnreadGaps } from './find-gaps.ts';
import { visitReferences } from './find-references.ts';
import { overlaps, type Range } from './ranges.ts';
import { readElf } from './read-elf.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** More would only repeat what the first ones say. */
const MAX_PROBLEMS = 20;
const MAX_SEGMENTS = 1024;
const MAX_SECTIONS = 50_000;

/**
 * Says what is wrong with a stripped file, by whatever tool, compared with its original; empty for a sound one. It must
 * load the same bytes at the same addresses with the same rights, but for pages that nothing in the file refers to.
 * Reads in chunks of 1 MiB; never throws for what the bytes say.
 */
export function verifyStripped(original: ByteSource, stripped: ByteSource): readonly string[] {
  const before = readElf(original);
  if (!before.ok) return [`the original cannot be read: ${before.reason}`];
  const after = readElf(stripped);
  if (!after.ok) return [`it cannot be read: ${after.reason}`];
  const a = before.elf;
  const b = after.elf;
  if ([a, b].some(isTooLarge)) return ['its tables are larger than any linker makes them'];
  const structure = [
    ...compareHeaders(original, a.header, stripped, b.header),
    ...compareSegments(a, b),
    ...compareSections(a, b),
  ];
  // What lies past the end cannot be compared.
  const problems = structure.length > 0 ? structure : compareContents(original, a, stripped, b);
  return problems.slice(0, MAX_PROBLEMS);
}

function isTooLarge({ segments, sections }: ElfFile): boolean {
  return segments.length > MAX_SEGMENTS || sections.length > MAX_SECTIONS;
}

function compareContents(
  original: ByteSource,
  a: ElfFile,
  stripped: ByteSource,
  b: ElfFile,
): readonly string[] {
  const { problems, doubts } = compareMemory(
    { source: original, loads: loadsOf(a) },
    { source: stripped, loads: loadsOf(b) },
    {
      headers: [...findHeaders(a), ...findHeaders(b)],
      removable: a.sections.length > 0 ? findGaps(a) : [],
      unread: a.sections.length > 0 ? findUnreadGaps(a) : [],
    },
  );
  if (problems.length > 0 || doubts.length === 0) return problems;
  const wanted = new Set<string>();
  const reason = visitReferences(original, a, (start, end) => {
    if (wanted.size < MAX_PROBLEMS && doubts.some(doubt => overlaps(doubt, { start, end }))) {
      wanted.add(`something refers to address 0x${start.toString(16)}, which changed or is gone`);
    }
  });
  return reason === null ? [...wanted] : [`what refers to bytes that are gone is not known: ${reason}`];
}

/** Addresses of the ELF header and the program headers, wherever they are loaded. */
function findHeaders(elf: ElfFile): readonly Range[] {
  const tables = [
    { start: 0, end: elf.header.ehsize },
    { start: elf.header.phoff, end: tableEnd(elf) },
  ];
  return loadsOf(elf).flatMap(({ offset, vaddr, filesz }) =>
    tables
      .filter(({ start, end }) => start >= offset && end <= offset + filesz)
      .map(({ start, end }) => ({ start: vaddr + start - offset, end: vaddr + end - offset })),
  );
}
