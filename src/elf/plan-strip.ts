import { findSectionKind } from './expendable-sections.ts';
import { findObstacle, isLoaded } from './find-obstacle.ts';
import { keepSectionTable } from './keep-section-table.ts';
import { type Patch, patchHeaders } from './patch-headers.ts';
import { planCuts } from './plan-cuts.ts';
import { type Move, planLayout } from './plan-layout.ts';
import { sumRanges } from './ranges.ts';
import { readElf } from './read-elf.ts';
import { splitSegments } from './split-segments.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** What left a file, in bytes; they add up to no total, for headers grow and padding shrinks. */
export interface Removed {
  readonly symbols: number;
  readonly debug: number;
  readonly other: number;
  /** Segments that nothing refers to, such as patchelf's former copies. */
  readonly orphans: number;
  /** Whole pages inside of segments that nothing refers to. */
  readonly gaps: number;
}

/** Everything that is needed to write the smaller file. */
export interface StripPlan {
  /** Size of the new file. */
  readonly bytes: number;
  readonly moves: readonly Move[];
  /** To be written over what was moved. */
  readonly patches: readonly Patch[];
  readonly removed: Removed;
}

export type StripPlanning =
  | { readonly outcome: 'stripped'; readonly plan: StripPlan }
  | { readonly outcome: 'nothing to strip' }
  | { readonly outcome: 'kept'; readonly reason: string };

/** Plans a smaller file with the same memory image; reads tables only. Never throws for what the bytes say. */
export function planStrip(source: ByteSource): StripPlanning {
  const reading = readElf(source);
  if (!reading.ok) return { outcome: 'kept', reason: reading.reason };
  const { elf } = reading;
  const reason = findObstacle(source, elf);
  if (reason !== null) return { outcome: 'kept', reason };
  const cuts = planCuts(source, elf);
  const rows = splitSegments(elf, cuts);
  const layout = planLayout(elf.header, rows);
  const table = keepSectionTable(source, elf, rows, layout);
  const bytes = table.at + table.bytes.length;
  if (bytes >= elf.bytes) return { outcome: 'nothing to strip' };
  const patches = [...patchHeaders(source, elf, rows, layout, table), { at: table.at, bytes: table.bytes }];
  const orphans = cuts.gaps.filter(({ place }) => place === 'all');
  const removed = {
    ...countSections(elf),
    orphans: sumRanges(orphans),
    gaps: sumRanges(cuts.gaps) - sumRanges(orphans),
  };
  return { outcome: 'stripped', plan: { bytes, moves: layout.moves, patches, removed } };
}

function countSections(elf: ElfFile): Pick<Removed, 'symbols' | 'debug' | 'other'> {
  const sum = { symbols: 0, debug: 0, other: 0 };
  for (const section of elf.sections.filter(each => !isLoaded(each))) {
    const kind = findSectionKind(section.name);
    if (kind) sum[kind] += section.size;
  }
  return sum;
}
