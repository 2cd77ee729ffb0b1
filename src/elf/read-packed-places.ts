import { readFields } from './fields.ts';
import type { MemoryImage } from './memory-image.ts';

const WORD_BYTES = 8;
const BATCH_BYTES = 1 << 14;

/**
 * Gives each place that a `DT_RELR` table relocates (gABI, "Relative Relocation Table"): an even word is a place, an odd
 * one a map of the 63 words that follow the last place. False where the table cannot be read, or `onPlace` says so.
 */
export function readPackedPlaces(
  image: MemoryImage,
  start: number,
  size: number,
  onPlace: (place: number) => boolean,
): boolean {
  let next = 0;
  for (let at = 0; at < size; at += BATCH_BYTES) {
    const bytes = image.read(start + at, Math.min(BATCH_BYTES, size - at));
    if (!bytes || bytes.length % WORD_BYTES !== 0) return false;
    // `onPlace` reads memory too, which may move the window under these bytes.
    const words = readFields(bytes.slice(), true, 64);
    for (let word = 0; word < words.length; word += WORD_BYTES) {
      if ((words.u8(word) & 1) === 0) {
        const place = words.u64(word);
        if (!onPlace(place)) return false;
        next = place + WORD_BYTES;
      } else {
        if (!readBitmap(words.u32(word), words.u32(word + 4), next, onPlace)) return false;
        next += 63 * WORD_BYTES;
      }
    }
  }
  return true;
}

function readBitmap(low: number, high: number, next: number, onPlace: (place: number) => boolean): boolean {
  for (let bit = 1; bit < 64; bit++) {
    const isSet = bit < 32 ? (low >>> bit) & 1 : (high >>> (bit - 32)) & 1;
    if (isSet && !onPlace(next + (bit - 1) * WORD_BYTES)) return false;
  }
  return true;
}
