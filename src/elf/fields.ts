/** Reads numbers out of a table in the byte order and the class of its file. Offsets past the table throw a RangeError. */
export interface Fields {
  readonly length: number;
  u8(at: number): number;
  u16(at: number): number;
  u32(at: number): number;
  /** A 64-bit number; what a double cannot hold exactly comes out rounded, far beyond any file. */
  u64(at: number): number;
  /** `u64` in a 64-bit file, `u32` in a 32-bit one. */
  word(at: number): number;
}

export function readFields(bytes: Uint8Array, littleEndian: boolean, bits: 32 | 64): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at: number): number => view.getUint32(at, littleEndian);
  const u64 = (at: number): number => Number(view.getBigUint64(at, littleEndian));
  return {
    length: bytes.length,
    u8: at => view.getUint8(at),
    u16: at => view.getUint16(at, littleEndian),
    u32,
    u64,
    word: bits === 64 ? u64 : u32,
  };
}
