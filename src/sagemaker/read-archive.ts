import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { SlimError } from '../errors.ts';
import { explainArchive } from './explain-archive.ts';
import type { ArchiveListing, ModelFile } from './types.ts';

const BLOCK = 512;
/** No header that means a name is larger. */
const MAX_NAME_BYTES = 1 << 20;

/** Plain files, as they are written by now and long ago; a second name of one that came before is unpacked as one, too. */
const FILES = ['0', '\0', '7', '1'];

/** Lists a `.tar.gz` without unpacking it. Throws `SAGEMAKER_ARCHIVE`. */
export async function readArchive(path: string, signal: AbortSignal): Promise<ArchiveListing> {
  const files: ModelFile[] = [];
  const links: string[] = [];
  const escapes: string[] = [];
  try {
    await pipeline(
      createReadStream(path),
      createGunzip(),
      async chunks => {
        for await (const { type, name, bytes, target } of readHeaders(chunks as AsyncIterable<Buffer>)) {
          if (leadsOut(name)) escapes.push(name);
          if (type === '5') continue;
          if (FILES.includes(type) && !(type === '1' && leadsOut(target)))
            files.push({ path: toPlain(name), bytes });
          else links.push(toPlain(name));
        }
      },
      { signal },
    );
  } catch (error) {
    if (signal.aborted) throw new SlimError('CANCELLED', [], { cause: error });
    throw new SlimError('SAGEMAKER_ARCHIVE', [path, await explainArchive(path, error)], { cause: error });
  }
  return { files, links, escapes };
}

/** `tar -C folder .` writes `./model.pth`; what unpacks takes `a//./b` for `a/b`. */
function toPlain(name: string): string {
  const inner = name.split('/').filter(segment => segment !== '' && segment !== '.');
  return `${name.startsWith('/') ? '/' : ''}${inner.join('/')}`;
}

/** True for what tools unpack elsewhere, refuse, or cut as each sees fit. */
function leadsOut(name: string): boolean {
  return name.startsWith('/') || name.split('/').includes('..');
}

interface Header {
  readonly type: string;
  readonly name: string;
  readonly bytes: number;
  /** What a link, or a second name, leads to. */
  readonly target: string;
}

/** Gives the files and links of a tar; the headers that only say a long name are applied to what follows them. */
async function* readHeaders(chunks: AsyncIterable<Buffer>): AsyncGenerator<Header> {
  const source = openBytes(chunks);
  let longName: string | null = null;
  let longTarget: string | null = null;
  for (;;) {
    const block = await source.take(BLOCK);
    // What comes behind the end is read too, since gzip's checksum is at its end.
    if (block === null || block.every(byte => byte === 0)) return source.drain();
    const header = parseHeader(block);
    const padded = Math.ceil(header.bytes / BLOCK) * BLOCK;
    if ('xLK'.includes(header.type)) {
      if (header.bytes > MAX_NAME_BYTES) throw new Error('one of its names is too long');
      const body = (await source.take(padded))?.subarray(0, header.bytes).toString('utf8') ?? '';
      const text = body.replace(/\0.*$/s, '');
      if (header.type !== 'K') longName = header.type === 'L' ? text : (readPax('path', body) ?? longName);
      if (header.type !== 'L')
        longTarget = header.type === 'K' ? text : (readPax('linkpath', body) ?? longTarget);
      continue;
    }
    await source.skip(padded);
    if (header.type === 'g') continue;
    yield { ...header, name: longName ?? header.name, target: longTarget ?? header.target };
    longName = null;
    longTarget = null;
  }
}

function parseHeader(block: Buffer): Header {
  const text = (at: number, length: number): string =>
    block
      .subarray(at, at + length)
      .toString('utf8')
      .replace(/\0.*$/s, '');
  let sum = 0;
  for (const [at, byte] of block.entries()) sum += at >= 148 && at < 156 ? 32 : byte;
  if (Number.parseInt(text(148, 8), 8) !== sum) throw new Error('it is no tar, or damaged');
  const prefix = text(257, 5) === 'ustar' ? text(345, 155) : '';
  const name = text(0, 100);
  const type = String.fromCharCode(block[156] ?? 0);
  // GNU tar writes sizes over 8 GiB as a binary number.
  const isBinary = ((block[124] ?? 0) & 0x80) !== 0;
  const bytes = isBinary
    ? Number(block.readBigUInt64BE(128))
    : Number.parseInt(text(124, 12).trim() || '0', 8);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new Error('it is no tar, or damaged');
  return { type, name: prefix === '' ? name : `${prefix}/${name}`, bytes, target: text(157, 100) };
}

/** `27 path=a/long/name\n`. */
function readPax(key: 'path' | 'linkpath', body: string): string | null {
  const line = body.split('\n').find(each => new RegExp(`^\\d+ ${key}=`).test(each));
  return line === undefined ? null : line.slice(line.indexOf('=') + 1);
}

/** Bytes of a stream, so many at a time. */
function openBytes(chunks: AsyncIterable<Buffer>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const next = async (): Promise<boolean> => {
    const { done, value } = await iterator.next();
    if (done) return false;
    rest = rest.length === 0 ? value : Buffer.concat([rest, value]);
    return true;
  };
  return {
    async take(count: number): Promise<Buffer | null> {
      while (rest.length < count) {
        if (await next()) continue;
        if (rest.length === 0) return null;
        throw new Error('it breaks off');
      }
      const taken = rest.subarray(0, count);
      rest = rest.subarray(count);
      return taken;
    },
    async drain(): Promise<void> {
      do rest = Buffer.alloc(0);
      while (await next());
    },
    async skip(count: number): Promise<void> {
      let left = count;
      for (;;) {
        const step = Math.min(left, rest.length);
        rest = rest.subarray(step);
        left -= step;
        if (left === 0) return;
        if (!(await next())) throw new Error('it breaks off');
      }
    },
  };
}
