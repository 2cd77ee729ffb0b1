import { crc32 } from 'node:zlib';

/** How the bytes of an entry lie in the zip: 0 is STORE, 8 is DEFLATE. */
export type ZipMethod = 0 | 8;

/** What is known of a file once it has been compressed. Sizes are bytes. */
export interface BlobFacts {
  readonly method: ZipMethod;
  /** Of the uncompressed bytes. */
  readonly crc32: number;
  /** Of the uncompressed bytes, hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly compressedBytes: number;
}

/** Facts and the check sum of the compressed bytes that follow them in a blob. A stored file's blob holds none. */
export interface BlobHeader extends BlobFacts {
  readonly payloadCrc32: number;
}

export const BLOB_HEADER_BYTES = 64;
const MAGIC = 0x3142534c; // "LSB1"

/** Puts a header into bytes. */
export function encodeBlobHeader(header: BlobHeader): Buffer {
  const bytes = Buffer.alloc(BLOB_HEADER_BYTES);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(header.method, 4);
  bytes.writeUInt32LE(header.crc32, 8);
  bytes.writeUInt32LE(header.payloadCrc32, 12);
  bytes.writeUInt32LE(header.bytes, 16);
  bytes.writeUInt32LE(header.compressedBytes, 20);
  bytes.write(header.sha256, 24, 32, 'hex');
  // 56 - reserved, 60 - check sum of all before it
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
  return bytes;
}

/** Reads a header back; null when it is damaged or of another version. */
export function decodeBlobHeader(bytes: Buffer): BlobHeader | null {
  if (bytes.length !== BLOB_HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) return null;
  if (bytes.readUInt32LE(60) !== crc32(bytes.subarray(0, 60))) return null;
  const method = bytes.readUInt32LE(4);
  if (method !== 0 && method !== 8) return null;
  return {
    method,
    crc32: bytes.readUInt32LE(8),
    payloadCrc32: bytes.readUInt32LE(12),
    bytes: bytes.readUInt32LE(16),
    compressedBytes: bytes.readUInt32LE(20),
    sha256: bytes.toString('hex', 24, 56),
  };
}

/** Bytes that follow the header. */
export function payloadBytes(header: BlobHeader): number {
  return header.method === 0 ? 0 : header.compressedBytes;
}
