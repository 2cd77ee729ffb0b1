import { readFileSync } from 'node:fs';
import { memorySource } from '../../src/elf/byte-sources.ts';
import { readNativeFile } from '../../src/elf/read-native-file.ts';
import type { ByteSource, ElfFacts, NativeFile } from '../../src/elf/types.ts';

/** A copy of the bytes of a file of fixtures/elf, to be changed at will. */
export function readElfFixture(name: string): Buffer {
  return Buffer.from(readFileSync(`fixtures/elf/${name}`));
}

/** What the file of these bytes is. */
export function readBytes(bytes: Uint8Array): NativeFile {
  return readNativeFile(memorySource(bytes));
}

/** The facts of an ELF file; throws for anything else. */
export function readElfFacts(bytes: Uint8Array): ElfFacts {
  const file = readBytes(bytes);
  if (file.format !== 'elf') throw new Error(`it is ${JSON.stringify(file)}`);
  return file.facts;
}

/** Writes a 64-bit number where a field is. */
export function patch(bytes: Buffer, at: number, value: number | bigint): Buffer {
  bytes.writeBigUInt64LE(BigInt(value), at);
  return bytes;
}

/** Offsets in a 64-bit program header. */
export const PHDR = { type: 0, offset: 8, vaddr: 16, filesz: 32, memsz: 40, align: 48 } as const;

/** Where a field of a program header of a 64-bit file lies. */
export function placeInHeader(index: number, field: keyof typeof PHDR): number {
  return 64 + 56 * index + PHDR[field];
}

/** A file of any size that takes no memory: it begins with `start`, goes on as `fill` says, and counts what is read. */
export function imaginarySource(
  size: number,
  start: Uint8Array,
  fill: (bytes: Uint8Array, offset: number) => void,
): ByteSource & { readonly bytesRead: () => number; readonly largestRead: () => number } {
  let bytesRead = 0;
  let largestRead = 0;
  return {
    size,
    bytesRead: () => bytesRead,
    largestRead: () => largestRead,
    read: (offset, length) => {
      if (offset < 0 || offset + length > size)
        throw new RangeError(`${offset} to ${offset + length} of ${size}`);
      bytesRead += length;
      largestRead = Math.max(largestRead, length);
      const bytes = new Uint8Array(length);
      fill(bytes, offset);
      if (offset < start.length) bytes.set(start.subarray(offset, Math.min(start.length, offset + length)));
      return bytes;
    },
  };
}
