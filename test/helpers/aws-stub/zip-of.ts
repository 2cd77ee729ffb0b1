import { crc32, deflateRawSync } from 'node:zlib';

/** What is in a zip: its bytes, or a size that the zip only claims, for tests of limits. */
export type ZipContent = string | Buffer | { readonly claims: number };

/** Makes a small zip in memory, version 2.0, with Unix modes. */
export function zipOf(files: Readonly<Record<string, ZipContent>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const bytes =
      typeof content === 'string' || Buffer.isBuffer(content) ? Buffer.from(content) : Buffer.alloc(0);
    const claimed = typeof content === 'object' && 'claims' in content ? content.claims : bytes.length;
    const packed = deflateRawSync(bytes);
    const name = Buffer.from(path);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x0800, 2);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt16LE(0x21, 8);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(claimed, 18);
    facts.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(0o100644 * 65_536, 6);
    tail.writeUInt32LE(offset, 10);
    const entry = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, name, packed]);
    central.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), facts, tail, name);
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(local.length, 8);
  end.writeUInt16LE(local.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
