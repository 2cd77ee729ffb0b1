import type { MemoryImage } from './memory-image.ts';
import type { Segment } from './types.ts';

const HEADER_BYTES = 12;
const ROW_BYTES = 8;
const BATCH = 4096;

/**
 * Gives each address in `.eh_frame_hdr` (LSB, "Exception Frames"): that of `.eh_frame`, and of each function and its
 * frame. False where it is not in the encoding that linkers use (pcrel sdata4, udata4, datarel sdata4).
 */
export function readFrameTable(
  image: MemoryImage,
  segment: Segment,
  onAddress: (address: number) => void,
): boolean {
  const header = image.read(segment.vaddr, Math.min(HEADER_BYTES, segment.filesz));
  if (!header || header.length < HEADER_BYTES) return false;
  const view = viewOf(header);
  // 0 - version, 1 - encoding of the pointer, 2 - of the count, 3 - of the table
  if (view.getUint32(0, true) !== 0x3b_03_1b_01) return false;
  onAddress(segment.vaddr + 4 + view.getInt32(4, true));
  const count = view.getUint32(8, true);
  if (HEADER_BYTES + count * ROW_BYTES > segment.filesz) return false;
  for (let first = 0; first < count; first += BATCH) {
    const at = segment.vaddr + HEADER_BYTES + first * ROW_BYTES;
    const bytes = image.read(at, Math.min(BATCH, count - first) * ROW_BYTES);
    if (!bytes) return false;
    const rows = viewOf(bytes);
    for (let row = 0; row < bytes.length; row += 4) onAddress(segment.vaddr + rows.getInt32(row, true));
  }
  return true;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
