/** Bytes that no compressor makes smaller, the same in every run. */
export function makeBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  for (let index = 0; index < length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state >>> 11;
  }
  return bytes;
}

/** Bytes with short repeats, as text and code have them. */
export function makeText(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const noise = makeBytes(length, seed);
  return noise.map((byte, index) =>
    index > 300 && byte % 8 !== 0 ? (noise[index - (byte % 251) - 1] ?? 0) % 64 : byte % 16,
  );
}
