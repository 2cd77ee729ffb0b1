// Reads single files of a zip of which any part can be asked for. Nothing that it says of itself is trusted: sizes are bounded
// by what was asked for, and the digest is checked by the caller.
import zlib = require('node:zlib');

namespace zips {
  export interface Source {
    readonly size: number;
    /** All bytes from `start` up to `end`, which is not part of it; fewer at the end. */
    read(start: number, end: number): Promise<Buffer>;
  }

  export interface Wanted {
    /** The exact name of the entry. */
    readonly entry: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly maxDirectory: number;
  }

  export interface Zip {
    readonly source: Source;
    readonly entries: ReadonlyMap<string, ZipEntry>;
  }
}

interface ZipEntry {
  readonly method: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly at: number;
  readonly headerBytes: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const END64 = 0x06064b50;
const END64_BYTES = 56;
const LOCATOR = 0x07064b50;
const LOCATOR_BYTES = 20;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const TAIL = END_BYTES + 65_535;
const FULL16 = 0xffff;
const FULL32 = 0xffffffff;

/** Reads the directory of a zip. */
async function open(source: zips.Source, maxDirectory: number): Promise<zips.Zip> {
  const { at, bytes } = await findDirectory(source);
  if (bytes > maxDirectory || at + bytes > source.size) throw damaged();
  const data = await readAll(source, at, at + bytes);
  const entries = new Map<string, ZipEntry>();
  for (let here = 0; here + ENTRY_BYTES <= data.length; ) {
    if (data.readUInt32LE(here) !== ENTRY) throw damaged();
    const [name, extra, comment] = [28, 30, 32].map(field => data.readUInt16LE(here + field)) as [
      number,
      number,
      number,
    ];
    const isEncrypted = (data.readUInt16LE(here + 8) & 1) !== 0;
    const entry = {
      method: isEncrypted ? -1 : data.readUInt16LE(here + 10),
      compressedBytes: data.readUInt32LE(here + 20),
      bytes: data.readUInt32LE(here + 24),
      at: data.readUInt32LE(here + 42),
      headerBytes: LOCAL_BYTES + name + extra,
    };
    entries.set(data.toString('utf8', here + ENTRY_BYTES, here + ENTRY_BYTES + name), entry);
    here += ENTRY_BYTES + name + extra + comment;
  }
  return { source, entries };
}

async function findDirectory(source: zips.Source): Promise<{ readonly at: number; readonly bytes: number }> {
  const start = Math.max(0, source.size - TAIL);
  const tail = await readAll(source, start, source.size);
  const end = Buffer.from([0x50, 0x4b, 5, 6]);
  for (let at = tail.lastIndexOf(end); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(end, at - 1)) {
    if (at + END_BYTES > tail.length || tail.readUInt32LE(at) !== END) continue;
    if (at + END_BYTES + tail.readUInt16LE(at + 20) !== tail.length) continue;
    const [count, bytes, place] = [
      tail.readUInt16LE(at + 10),
      tail.readUInt32LE(at + 12),
      tail.readUInt32LE(at + 16),
    ];
    if (count !== FULL16 && bytes !== FULL32 && place !== FULL32) return { at: place, bytes };
    return findDirectory64(source, start + at - LOCATOR_BYTES, { at: place, bytes });
  }
  throw damaged();
}

async function findDirectory64(
  source: zips.Source,
  at: number,
  small: { readonly at: number; readonly bytes: number },
): Promise<{ readonly at: number; readonly bytes: number }> {
  if (at < 0) return small;
  const locator = await readAll(source, at, at + LOCATOR_BYTES);
  // A zip may have exactly that many entries without being large.
  if (locator.readUInt32LE(0) !== LOCATOR) return small;
  const place = Number(locator.readBigUInt64LE(8));
  if (place + END64_BYTES > source.size) throw damaged();
  const end = await readAll(source, place, place + END64_BYTES);
  if (end.readUInt32LE(0) !== END64) throw damaged();
  return { bytes: Number(end.readBigUInt64LE(40)), at: Number(end.readBigUInt64LE(48)) };
}

/** Gives the bytes of one entry. */
async function read({ source, entries }: zips.Zip, { entry: name, bytes }: zips.Wanted): Promise<Buffer> {
  const entry = entries.get(name);
  if (!entry) throw new Error('it is not in the zip, which belongs to another build');
  const { compressedBytes, at, headerBytes, method } = entry;
  if (entry.bytes !== bytes)
    throw new Error('it has another size in the zip, which belongs to another build');
  // Deflate may make a file larger, but by no more than this.
  if (compressedBytes > bytes + (bytes >>> 8) + 1024) throw damaged();
  const header = await source.read(at, Math.min(source.size, at + headerBytes + 128 + compressedBytes));
  if (header.length < LOCAL_BYTES || header.readUInt32LE(0) !== LOCAL) throw damaged();
  const skip = LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed =
    header.length >= skip + compressedBytes
      ? header.subarray(skip, skip + compressedBytes)
      : await readAll(source, at + skip, at + skip + compressedBytes);
  const data = unpack(packed, method, bytes);
  if (data.length !== bytes) throw damaged();
  return data;
}

function unpack(packed: Buffer, method: number, bytes: number): Buffer {
  if (method === 0) return packed;
  if (method !== 8) throw damaged();
  try {
    return zlib.inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
  } catch {
    throw damaged();
  }
}

async function readAll(source: zips.Source, start: number, end: number): Promise<Buffer> {
  const data = await source.read(start, end);
  if (data.length !== end - start) throw damaged();
  return data;
}

function damaged(): Error {
  return new Error('the zip is damaged');
}
const zips = { open, read };

export = zips;
