import { findLastBlock } from './find-last-block.ts';

/** The end of an empty stored block: LEN 0 and its complement. */
const SYNC_MARKER = [0x00, 0x00, 0xff, 0xff];

/**
 * Turns a complete raw deflate stream into one that another may follow: its last block is no longer marked as the last,
 * and an empty stored block brings the end to a byte boundary, as zlib's Z_SYNC_FLUSH does.
 */
export function openStream(stream: Uint8Array): Uint8Array<ArrayBuffer> {
  const { headerBit, endBit } = findLastBlock(stream);
  const head = (endBit + 3 + 7) >>> 3;
  const open = new Uint8Array(head + SYNC_MARKER.length);
  open.set(stream.subarray(0, (endBit + 7) >>> 3));
  open[headerBit >>> 3] = (open[headerBit >>> 3] ?? 0) & ~(1 << (headerBit & 7));
  if (endBit & 7) open[endBit >>> 3] = (open[endBit >>> 3] ?? 0) & ((1 << (endBit & 7)) - 1);
  open.set(SYNC_MARKER, head);
  return open;
}
