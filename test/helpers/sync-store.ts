import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inflate } from '../../src/bundle/inflate.ts';
import { chunkKey, manifestKey, POINTER_KEY } from '../../src/bundle/keys.ts';
import { syncBundle } from '../../src/bundle/sync/sync-bundle.ts';
import type { SyncDone, SyncOptions, SyncResult } from '../../src/bundle/sync/types.ts';
import type { BundleChunk, BundleFile, BundleManifest, BundleSource } from '../../src/bundle/types.ts';
import { encodeZstd } from '../../src/codec/encoders.ts';
import { withTempDir } from '../../src/util/fs.ts';

/** Content by path; `>target` of a path that ends in `@` is a link; a path that ends in `*` may be run. */
export type Tree = Readonly<Record<string, string | Buffer>>;

export interface SmallBundle {
  readonly release: string;
  readonly manifest: BundleManifest;
  /** By key. */
  readonly objects: Map<string, Buffer>;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A bundle whose chunks are cut every `chunkBytes`, through the files one after the other. */
export async function makeBundle(
  tree: Tree,
  chunkBytes = 1000,
  compress: (bytes: Uint8Array) => Promise<Uint8Array> = bytes => encodeZstd(bytes, 'fast'),
): Promise<SmallBundle> {
  const { files, links, raw } = layOut(tree, chunkBytes);
  const objects = new Map<string, Buffer>();
  const chunks: BundleChunk[] = [];
  for (const bytes of raw) {
    const compressed = Buffer.from(await compress(bytes));
    const chunk = {
      sha256: sha256(bytes),
      bytes: bytes.length,
      compressedBytes: compressed.length,
      compressedSha256: sha256(compressed),
    };
    chunks.push(chunk);
    objects.set(chunkKey(chunk), compressed);
  }
  return sealBundle(
    { schema: 1, name: 'classify', encoder: 'test', files, links, chunks },
    objects,
    compress,
  );
}

/** Adds manifest and pointer, whatever the manifest says. */
export async function sealBundle(
  manifest: BundleManifest,
  objects: Map<string, Buffer>,
  compress: (bytes: Uint8Array) => Promise<Uint8Array> = bytes => encodeZstd(bytes, 'fast'),
): Promise<SmallBundle> {
  const json = Buffer.from(JSON.stringify(manifest));
  const release = sha256(json);
  objects.set(manifestKey(release), Buffer.from(await compress(json)));
  objects.set(POINTER_KEY, Buffer.from(JSON.stringify({ schema: 1, name: manifest.name, release })));
  return { release, manifest, objects };
}

/** Small files fill chunks one after the other; one that does not fit in a chunk begins one, and is cut. */
function layOut(tree: Tree, chunkBytes: number) {
  const files: BundleFile[] = [];
  const links: { path: string; target: string }[] = [];
  const raw: Buffer[] = [];
  let open: Buffer[] = [];
  const openBytes = (): number => open.reduce((sum, { length }) => sum + length, 0);
  const close = (): void => {
    if (open.length > 0) raw.push(Buffer.concat(open));
    open = [];
  };
  for (const key of Object.keys(tree).sort()) {
    const bytes = Buffer.from(tree[key] as string);
    const path = key.replace(/[*@]$/, '');
    if (key.endsWith('@')) links.push({ path, target: bytes.toString() });
    if (key.endsWith('@')) continue;
    if (openBytes() + bytes.length > chunkBytes) close();
    const mode = key.endsWith('*') ? 0o755 : 0o644;
    const facts = { path, mode, bytes: bytes.length, sha256: sha256(bytes) } as const;
    const place = {
      chunk: bytes.length === 0 ? 0 : raw.length,
      offset: bytes.length === 0 ? 0 : openBytes(),
    };
    files.push({ ...facts, ...place });
    if (bytes.length === 0) continue;
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      if (at > 0) close();
      open.push(bytes.subarray(at, at + chunkBytes));
    }
    if (bytes.length > chunkBytes) close();
  }
  close();
  return { files, links, raw };
}

export interface FaultySource extends BundleSource {
  /** Keys in the order in which they were asked for. */
  readonly asked: string[];
}

/** A source in memory; `spoil` may change what one request for a key gives, or throw. */
export function toSource(
  { objects }: SmallBundle,
  spoil: (key: string, bytes: Buffer, nth: number) => Buffer | Promise<Buffer> = (_key, bytes) => bytes,
): FaultySource {
  const asked: string[] = [];
  const get = async (key: string): Promise<Buffer> => {
    asked.push(key);
    const bytes = objects.get(key);
    if (!bytes) throw new Error(`no ${key}`);
    return spoil(key, bytes, asked.filter(other => other === key).length);
  };
  return {
    where: 'memory:',
    asked,
    readPointer: () => get(POINTER_KEY),
    readManifest: release => get(manifestKey(release)),
    async *openChunk(chunk) {
      const bytes = await get(chunkKey(chunk));
      yield bytes.subarray(0, bytes.length >> 1);
      yield bytes.subarray(bytes.length >> 1);
    },
  };
}

export async function writeObjects(dir: string, { objects }: SmallBundle): Promise<string> {
  for (const [key, bytes] of objects) {
    await mkdir(dirname(join(dir, key)), { recursive: true });
    await writeFile(join(dir, key), bytes);
  }
  return dir;
}

/** A sync that has to be complete. */
export async function syncTo(
  dir: string,
  source: BundleSource | SmallBundle,
  options: Partial<SyncOptions> = {},
): Promise<SyncDone> {
  const result = await syncSome(dir, source, options);
  if (result.state !== 'done') throw new Error('it should be done');
  return result;
}

export function syncSome(
  dir: string,
  source: BundleSource | SmallBundle,
  options: Partial<SyncOptions> = {},
): Promise<SyncResult> {
  const from = 'objects' in source ? toSource(source) : source;
  return syncBundle(from, dir, { inflate, ...options });
}

/** All below a folder: files by content, links as `>target`. */
export async function readTree(root: string): Promise<Record<string, string>> {
  const { readlink } = await import('node:fs/promises');
  const tree: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile()) tree[path.slice(root.length + 1)] = await readFile(path, 'utf8');
    if (entry.isSymbolicLink()) tree[`${path.slice(root.length + 1)}@`] = await readlink(path);
  }
  return Object.fromEntries(Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What `readTree` gives of a release that is whole. */
export function expectedTree(tree: Tree): Record<string, string> {
  const plain = Object.entries(tree).map(
    ([path, content]) => [path.replace(/\*$/, ''), content.toString()] as const,
  );
  return Object.fromEntries(plain.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function inode(path: string): Promise<number> {
  return stat(path).then(({ ino }) => ino);
}

/** Makes a release or what lies in the store as old as this. */
export async function makeOld(path: string, ms: number): Promise<void> {
  const then = (Date.now() - ms) / 1000;
  await utimes(path, then, then);
}

export function withStore(use: (dir: string) => Promise<void>): Promise<void> {
  return withTempDir(async dir => {
    await chmod(dir, 0o755);
    await use(join(dir, 'store'));
  });
}
