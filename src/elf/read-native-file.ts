import { ET } from './constants.ts';
import { lookAtBytes } from './look-at-bytes.ts';
import { hasElfMagic, readElf } from './read-elf.ts';
import { readFacts } from './read-facts.ts';
import type { ByteSource, NativeFile } from './types.ts';

/** Says what a file is by its bytes, and of an ELF file what the dynamic linker reads. Throws only what `source` throws. */
export function readNativeFile(source: ByteSource): NativeFile {
  if (!hasElfMagic(source)) return lookAtBytes(source);
  const reading = readElf(source);
  if (!reading.ok) return { format: 'broken', reason: reading.reason };
  if (reading.elf.header.type === ET.NONE)
    return { format: 'broken', reason: 'it says that it is of no type' };
  return { format: 'elf', facts: readFacts(source, reading.elf) };
}
