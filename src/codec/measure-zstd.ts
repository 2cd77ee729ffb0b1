/**
 * Gives the bytes that a zstd frame says it comes to; null when it is no frame, or says nothing.
 * https://datatracker.ietf.org/doc/html/rfc8878#name-frame-header
 */
export function measureZstd(data: Uint8Array): number | null {
  if (data.length < 18) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (view.getUint32(0, true) !== 0xfd2fb528) return null;
  const descriptor = data[4] as number;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  // 6 and 7 - the size of the field; 0 and 1 - the size of a dictionary's id, which we never have
  if ((descriptor & 3) !== 0) return null;
  const at = isSingleSegment ? 5 : 6;
  switch (descriptor >>> 6) {
    case 0:
      return isSingleSegment ? (data[at] as number) : null;
    case 1:
      return view.getUint16(at, true) + 256;
    case 2:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}
