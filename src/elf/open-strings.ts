import type { ByteSource } from './types.ts';

/** Reads the string that begins at an offset of a table; null where it begins or ends past the table. */
export type ReadString = (at: number) => string | null;

/** Longer than the longest symbol that C++ templates make in practice. */
const WINDOW_BYTES = 1 << 16;
/** Bounds for crafted tables, whose names may overlap: all text that one reader gives out, and how often it reads. */
const MAX_TEXT_BYTES = 1 << 26;
const MAX_LOADS = 20_000;

/** Reads strings out of a table that may be large; neighbours are read from the file in one go. */
export function openStrings(source: ByteSource, offset: number, length: number): ReadString {
  let start = 0;
  let loads = 0;
  let textBytes = 0;
  let window: Buffer = Buffer.alloc(0);
  const load = (at: number): void => {
    loads++;
    start = length <= WINDOW_BYTES ? 0 : at;
    const { buffer, byteOffset, byteLength } = source.read(
      offset + start,
      Math.min(WINDOW_BYTES, length - start),
    );
    window = Buffer.from(buffer, byteOffset, byteLength);
  };
  const endOf = (at: number): number => (at < start ? -1 : window.indexOf(0, at - start));
  return at => {
    if (!(at >= 0 && at < length) || loads > MAX_LOADS) return null;
    if (endOf(at) < 0) load(at);
    const end = endOf(at);
    textBytes += Math.max(0, end - at + start);
    return end < 0 || textBytes > MAX_TEXT_BYTES ? null : window.toString('utf8', at - start, end);
  };
}
