import zstd from '@bokuweb/zstd-wasm';

// WebAssembly of a pinned version gives the same bytes everywhere; the host's zlib does not.

/** Version of the package that encodes. A test holds it to the installed one. */
export const ZSTD_VERSION = '0.0.27';

let ready: Promise<void> | null = null;

/** Compresses at one of zstd's own levels, into one frame that says its size. */
export async function encodeZstdAt(bytes: Uint8Array, level: number): Promise<Uint8Array<ArrayBuffer>> {
  ready ??= zstd.init();
  await ready;
  // It is a copy of its own, whatever the package's types say.
  return zstd.compress(bytes, level) as Uint8Array<ArrayBuffer>;
}

/** Inflates one frame; asked only for frames whose stated size was checked, since that much is allocated. */
export async function decodeZstd(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  ready ??= zstd.init();
  await ready;
  return zstd.decompress(bytes) as Uint8Array<ArrayBuffer>;
}
