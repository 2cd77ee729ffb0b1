import { crc32, deflateRawSync } from 'node:zlib';
import { centralHeader, endRecord, localHeader, type ZipRecord } from '../../src/zip/zip-format.ts';

/** What is at a path: text, a program, or a link. */
export type PlainContent = string | { readonly program: string } | { readonly link: string };

/** A zip as `build` writes it, made in memory at once. */
export function plainZip(files: Readonly<Record<string, PlainContent>>): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [text, unixMode] = readContent(content);
    const bytes = Buffer.from(text);
    const packed = deflateRawSync(bytes);
    const facts = { crc32: crc32(bytes), bytes: bytes.length, compressedBytes: packed.length };
    const record: ZipRecord = { name: Buffer.from(path), method: 8, ...facts, unixMode, offset };
    const local = localHeader(record);
    parts.push(local, packed);
    central.push(centralHeader(record));
    offset += local.length + packed.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...parts, directory, endRecord(central.length, offset, directory.length)]);
}

function readContent(content: PlainContent): readonly [text: string, mode: number] {
  if (typeof content === 'string') return [content, 0o100644];
  return 'link' in content ? [content.link, 0o120777] : [content.program, 0o100755];
}
