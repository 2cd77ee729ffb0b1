import type { SectionTable } from './keep-section-table.ts';
import { type Layout, moveOffset } from './plan-layout.ts';
import type { SegmentRow } from './split-segments.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** Bytes of the new file that are not copied from the old one. */
export interface Patch {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** The header and the program headers as they are after the move; what they do not say of offsets stays. */
export function patchHeaders(
  source: ByteSource,
  elf: ElfFile,
  rows: readonly SegmentRow[],
  layout: Layout,
  table: SectionTable,
): readonly Patch[] {
  const header = Buffer.from(source.read(0, 64).slice());
  const phoff = moveOffset(layout, elf.header.phoff);
  header.writeBigUInt64LE(BigInt(phoff), 32); // 32 - e_phoff
  header.writeBigUInt64LE(BigInt(table.shoff), 40); // 40 - e_shoff
  header.writeUInt16LE(rows.length, 56); // 56 - e_phnum
  header.writeUInt16LE(64, 58); // 58 - e_shentsize
  header.writeUInt16LE(table.shnum, 60); // 60 - e_shnum
  header.writeUInt16LE(table.shstrndx, 62); // 62 - e_shstrndx
  return [
    { at: 0, bytes: header },
    { at: phoff, bytes: formatSegments(rows, layout, elf.header.phentsize) },
  ];
}

function formatSegments(rows: readonly SegmentRow[], layout: Layout, rowBytes: number): Buffer {
  const bytes = Buffer.alloc(rows.length * rowBytes);
  rows.forEach((row, index) => {
    if (row.index === null) return;
    const at = index * rowBytes;
    bytes.writeUInt32LE(row.type, at);
    bytes.writeUInt32LE(row.flags, at + 4);
    const words = [moveOffset(layout, row.offset), row.vaddr, row.paddr, row.filesz, row.memsz, row.align];
    words.forEach((word, column) => {
      bytes.writeBigUInt64LE(BigInt(word), at + 8 + 8 * column);
    });
  });
  return bytes;
}
