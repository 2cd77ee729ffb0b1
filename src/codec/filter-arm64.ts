/**
 * Turns the relative addresses of AArch64 code into absolute ones, in place: `BL`, and the pages of `ADRP`. `offset` is
 * where `bytes` begin in the file, a multiple of 4. `undoArm64` gives back the same bytes, whatever they were: each
 * word is changed by itself, in bits that do not decide whether it is.
 */
export function filterArm64(bytes: Uint8Array, offset: number): void {
  shift(bytes, offset, 1);
}

/** Undoes `filterArm64`. */
export function undoArm64(bytes: Uint8Array, offset: number): void {
  shift(bytes, offset, -1);
}

function shift(bytes: Uint8Array, offset: number, sign: 1 | -1): void {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const word = words.getUint32(at, true);
    // 100101, then 26 bits of distance in words
    if (word >>> 26 === 0x25)
      words.setUint32(at, shiftCall(word, sign * Math.floor((offset + at) / 4)), true);
    // 1, 2 lower bits, 10000, 19 upper bits of distance in pages, 5 bits of register
    else if ((word & 0x9f000000) >>> 0 === 0x90000000) {
      words.setUint32(at, shiftPage(word, sign * Math.floor((offset + at) / 4096)), true);
    }
  }
}

function shiftCall(word: number, amount: number): number {
  return (0x94000000 | ((word + amount) & 0x03ffffff)) >>> 0;
}

function shiftPage(word: number, amount: number): number {
  const pages = (((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc)) + amount;
  return ((word & 0x9000001f) | ((pages & 3) << 29) | ((pages & 0x1ffffc) << 3)) >>> 0;
}
