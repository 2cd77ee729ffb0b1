// What `stat` tells of a file or folder that was taken out of this function. rest.cjs says what all this is for.
import fs = require('node:fs');
import path = require('node:path');
import rest = require('./rest-index.cts');

type Found = NonNullable<ReturnType<typeof rest.find>>;

const { statSync } = fs;
const { S_IFMT, S_IFREG, S_IFDIR, S_IFLNK, W_OK, X_OK } = fs.constants;
const BLOCK = 512;

/** True for a folder that is in the artifact as well. */
function isThere(below: string): boolean {
  const stats = statSync(path.join(rest.root, below), { throwIfNoEntry: false });
  return stats !== undefined;
}

/** Files of an artifact can be read, and no more; programs can be run. */
function mayAccess(found: Found, rawMode: unknown): boolean {
  const mode = typeof rawMode === 'number' ? rawMode : 0;
  if ((mode & W_OK) !== 0) return false;
  return (mode & X_OK) === 0 || found.kind === 'folder' || found.executable;
}

function statsOf(found: Found, options: unknown): fs.Stats | fs.BigIntStats {
  if (found.kind === 'folder') return makeStats(found.path, S_IFDIR | 0o755, 4096, options);
  return makeStats(found.path, S_IFREG | (found.executable ? 0o755 : 0o644), found.bytes, options);
}

function linkStats(below: string, options: unknown): fs.Stats | fs.BigIntStats {
  const target = rest.findLink(below) ?? '';
  return makeStats(below, S_IFLNK | 0o777, Buffer.byteLength(target), options);
}

/** Times, owner and device are those of this file, which came with the artifact. */
function makeStats(below: string, mode: number, size: number, options: unknown): fs.Stats | fs.BigIntStats {
  const { bigint = false } = (options ?? {}) as { bigint?: boolean };
  const stats = statSync(__filename, { bigint });
  const to = (value: number): number | bigint => (bigint ? BigInt(value) : value);
  const blocks = Math.ceil(size / BLOCK);
  return Object.assign(stats, {
    mode: to(mode & (S_IFMT | 0o777)),
    size: to(size),
    ino: to(inodeOf(below)),
    blocks: to(blocks),
    nlink: to(1),
  });
}

/** Some number, another one for each path (FNV-1a). */
function inodeOf(below: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(below)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

export = { isThere, mayAccess, statsOf, linkStats };
