import { createRequire } from 'node:module';
import type { CompressLevel } from '../types.ts';
import { runSevenZip } from './seven-zip.ts';
import type { LibraryFormat } from './types.ts';
import { encodeZstdAt, ZSTD_VERSION } from './zstd.ts';

// All three are WebAssembly of a pinned version, so that they give the same bytes everywhere; the host's zlib does not.

/** Versions of the packages that encode; part of every key of the cache. A test holds them to the installed ones. */
export const ENCODER_VERSIONS = {
  zstd: ZSTD_VERSION,
  brotli: '3.0.1',
  xz: '1.2.0',
} as const satisfies Record<LibraryFormat, string>;

/** From 20 on, zstd's window covers a whole chunk. */
const ZSTD_LEVELS = { fast: 9, best: 22, max: 22 } as const satisfies Record<CompressLevel, number>;
/** 16 MiB of native code: 9 takes 6 s, 10 takes 60 s for 7 % less, 11 takes 110 s for another 2.5 %. */
const BROTLI_QUALITIES = { fast: 5, best: 9, max: 11 } as const satisfies Record<CompressLevel, number>;
const XZ_LEVELS = { fast: 3, best: 9, max: 9 } as const satisfies Record<CompressLevel, number>;

// `import` would get the build for browsers.
const require = createRequire(import.meta.url);

/** Compresses with zstd, into one frame that says its size. */
export function encodeZstd(bytes: Uint8Array, level: CompressLevel): Promise<Uint8Array<ArrayBuffer>> {
  return encodeZstdAt(bytes, ZSTD_LEVELS[level]);
}

/** Compresses with brotli; its window is 4 MiB. */
export function encodeBrotli(bytes: Uint8Array, level: CompressLevel): Uint8Array<ArrayBuffer> {
  const brotli: typeof import('brotli-wasm').default extends Promise<infer T>
    ? T
    : never = require('brotli-wasm');
  return Uint8Array.from(brotli.compress(bytes, { quality: BROTLI_QUALITIES[level] }));
}

/** Compresses into the xz container, with its x86 filter where `x86` says so; liblzma reads that from 5.0 on. */
export function encodeXz(
  bytes: Uint8Array,
  level: CompressLevel,
  x86: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const dictionary = Math.max(4096, bytes.length);
  const args = ['a', '-txz', '-mmt=1', `-mx=${XZ_LEVELS[level]}`, `-m0=LZMA2:d=${dictionary}b`];
  return runSevenZip([...args, ...(x86 ? ['-mf=BCJ'] : []), 'out.xz', 'in'], { name: 'in', bytes }, 'out.xz');
}

/** Names everything but the content that decides the bytes a format comes to at a level. */
export function encoderId(format: LibraryFormat, level: CompressLevel): string {
  const setting = { zstd: ZSTD_LEVELS, brotli: BROTLI_QUALITIES, xz: XZ_LEVELS }[format][level];
  return `${format}-wasm-${ENCODER_VERSIONS[format]}/${setting}`;
}
