import type { ByteSource, ElfFile, ElfHeader } from './types.ts';

const SAME = ['bits', 'littleEndian', 'machine', 'type', 'entry', 'ehsize', 'phentsize'] as const;

/** What two ELF headers disagree on, apart from where their tables lie. */
export function compareHeaders(
  original: ByteSource,
  a: ElfHeader,
  stripped: ByteSource,
  b: ElfHeader,
): readonly string[] {
  const changed: string[] = SAME.filter(field => a[field] !== b[field]);
  if (Buffer.compare(original.read(0, 16), stripped.read(0, 16)) !== 0) changed.push('e_ident');
  if (Buffer.compare(original.read(20, 4), stripped.read(20, 4)) !== 0) changed.push('e_version');
  const flagsAt = a.bits === 64 ? 48 : 36;
  if (Buffer.compare(original.read(flagsAt, 4), stripped.read(flagsAt, 4)) !== 0) changed.push('e_flags');
  return changed.map(field => `its header has another ${field}`);
}

/** Where the file headers say that the program headers lie: as loaded they must stay so, for programs walk them. */
export function tableEnd({ header }: ElfFile): number {
  return header.phoff + header.phnum * header.phentsize;
}
