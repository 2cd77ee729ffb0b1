import { crc32, deflateRawSync } from 'node:zlib';
import { zipOf } from './aws-stub/zip-of.ts';
import type { Random } from './mutate-elf.ts';
import { plainZip } from './plain-zip.ts';

const SIGNATURES = ['PK\x01\x02', 'PK\x01\x02', 'PK\x01\x02', 'PK\x03\x04', 'PK\x03\x04', 'PK\x05\x06'];
const INTERESTING = [0, 1, 8, 9, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

/** Names that readers of zips stumble over. */
const NAMES = [
  '../evil',
  '/etc/passwd',
  'a\\b',
  'C:x',
  'a//b',
  '.',
  '',
  'a\0b',
  'node_modules/a/package.json',
];

/** Zips of several kinds, to be mutated; `library` are the bytes of an ELF file. */
export function zipsToMutate(library: Buffer): readonly Buffer[] {
  return [
    plainZip({
      'index.mjs': 'export const handler = 1;',
      'b/c.json': '{"a":1}',
      link: { link: 'index.mjs' },
    }),
    zipOf({
      'lib/libtiny.so': library,
      'node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
      'node_modules/b/node_modules/a/package.json': '{"name":"a","version":"2.0.0"}',
      'a.js.map': '{"sourcesContent":["x"]}',
      '.env': 'KEY=1',
    }),
    plainZip({
      'app.py': 'def handler(event, context): pass',
      'boto3-1.0.dist-info/RECORD': 'boto3/__init__.py,,\n'.repeat(50),
      '.lambda-slim/index.json': '{"version":1}',
      bootstrap: { program: '#!/bin/sh' },
    }),
    withZeros(),
  ];
}

/** A little bomb: megabytes of zeros in some kilobytes. */
function withZeros(): Buffer {
  return plainZip({ 'zeros.so': '\0'.repeat(3_000_000), 'a.txt': 'a' });
}

/** A copy of a zip with one to five things wrong. */
export function mutateZip(zip: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(zip);
  for (let left = 1 + random(5); left > 0 && bytes.length > 0; left--) bytes = mutateOnce(bytes, random);
  return bytes;
}

/** What makes readers give up at once is rare. */
function mutateOnce(bytes: Buffer, random: Random): Buffer {
  const choice = random(32);
  if (choice === 0) return bytes.subarray(0, random(bytes.length));
  if (choice === 1) return Buffer.concat([Buffer.alloc(random(100), random(256)), bytes]);
  if (choice === 2) return duplicate(bytes, random);
  if (choice < 10) return flipByte(bytes, random);
  if (choice < 16) return renameOne(bytes, random);
  return choice < 22 ? swapBody(bytes, random) : mutateHeader(bytes, random);
}

function flipByte(bytes: Buffer, random: Random): Buffer {
  bytes.writeUInt8(random(256), random(bytes.length));
  return bytes;
}

/** A number of a header becomes one at which readers break. */
function mutateHeader(bytes: Buffer, random: Random): Buffer {
  const at = findHeader(bytes, random);
  if (at < 0) return bytes;
  const offset = at + 4 + random(42);
  const value = INTERESTING[random(INTERESTING.length)] as number;
  if (random(2) === 0 && offset + 4 <= bytes.length) bytes.writeUInt32LE(value, offset);
  else if (offset + 2 <= bytes.length) bytes.writeUInt16LE(value & 0xffff, offset);
  return bytes;
}

function findHeader(bytes: Buffer, random: Random): number {
  const signature = SIGNATURES[random(SIGNATURES.length)] as string;
  const from = random(bytes.length);
  const after = bytes.indexOf(signature, from, 'latin1');
  return after >= 0 ? after : bytes.indexOf(signature, 0, 'latin1');
}

/** A piece is there twice, so that all after it is shifted. */
function duplicate(bytes: Buffer, random: Random): Buffer {
  const from = random(bytes.length);
  const to = Math.min(bytes.length, from + random(400));
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
}

/** A name of the directory is overwritten, its length as well. */
function renameOne(bytes: Buffer, random: Random): Buffer {
  const at = bytes.indexOf('PK\x01\x02', random(bytes.length), 'latin1');
  const name = Buffer.from(NAMES[random(NAMES.length)] as string);
  if (at < 0 || at + 46 + name.length > bytes.length) return bytes;
  name.copy(bytes, at + 46);
  if (random(2) === 0) bytes.writeUInt16LE(name.length, at + 28);
  return bytes;
}

/** What an entry holds becomes something else that is compressed well, with sizes that fit or do not. */
function swapBody(bytes: Buffer, random: Random): Buffer {
  const at = bytes.indexOf('PK\x01\x02', random(bytes.length), 'latin1');
  if (at < 0 || at + 46 > bytes.length) return bytes;
  const content = Buffer.alloc(random(100_000), random(256));
  const body = deflateRawSync(content);
  const offset = bytes.readUInt32LE(at + 42);
  if (offset + 30 > bytes.length) return bytes;
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  if (start + body.length < bytes.length) body.copy(bytes, start);
  bytes.writeUInt32LE(crc32(content), at + 16);
  bytes.writeUInt32LE(body.length, at + 20);
  bytes.writeUInt32LE(content.length + (random(3) === 0 ? 1 : 0), at + 24);
  return bytes;
}
