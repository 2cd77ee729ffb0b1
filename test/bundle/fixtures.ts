import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inflate } from '../../src/bundle/inflate.ts';
import { chunkKey } from '../../src/bundle/keys.ts';
import type { BundleManifest } from '../../src/bundle/types.ts';
import { type BundleInput, type WrittenBundle, writeBundle } from '../../src/bundle/write-bundle.ts';
import type { ArtifactPath, Origin } from '../../src/types.ts';

const ORIGIN: Origin = { kind: 'generated', by: 'test' };

/** An input whose bytes are in memory. The path is not checked, so that the writer has to. */
export function memoryInput(path: string, content: string | Uint8Array, group = 'own'): BundleInput {
  const data = Buffer.from(content);
  const source = { kind: 'memory', data } as const;
  const entry = { kind: 'file', path: path as ArtifactPath, source, bytes: data.length } as const;
  return { group, entry: { ...entry, mode: 0o644, origin: ORIGIN } };
}

export function linkInput(path: string, target: string, group = 'own'): BundleInput {
  return { group, entry: { kind: 'link', path: path as ArtifactPath, target, origin: ORIGIN } };
}

/** Writes a file below `dir` and gives the input that reads it. */
export async function diskInput(
  dir: string,
  path: string,
  content: string | Uint8Array,
  group = 'own',
): Promise<BundleInput> {
  const file = join(dir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  const { size, mtimeMs } = await stat(file);
  const source = { kind: 'disk', path: file, mtimeMs } as const;
  const entry = { kind: 'file', path: path as ArtifactPath, source, bytes: size } as const;
  return { group, entry: { ...entry, mode: 0o755, origin: ORIGIN } };
}

/** Writes a bundle with two threads. */
export function write(
  inputs: readonly BundleInput[],
  out: string,
  more: {
    readonly workers?: number;
    readonly signal?: AbortSignal;
    readonly onBytes?: (n: number) => void;
  } = {},
): Promise<WrittenBundle> {
  return writeBundle(inputs, out, {
    name: 'classify',
    workers: 2,
    signal: new AbortController().signal,
    ...more,
  });
}

/** Content of each file of a bundle, made anew from its chunks; checks every hash on the way. */
export async function unpack(out: string, manifest: BundleManifest): Promise<ReadonlyMap<string, Buffer>> {
  const chunks = await Promise.all(
    manifest.chunks.map(async chunk => {
      const compressed = await readFile(join(out, chunkKey(chunk)));
      const raw = await inflateWhole(compressed, chunk.bytes);
      const facts = { sha256: sha256(raw), bytes: raw.length };
      const compressedFacts = { compressedBytes: compressed.length, compressedSha256: sha256(compressed) };
      if (JSON.stringify({ ...facts, ...compressedFacts }) !== JSON.stringify(chunk))
        throw new Error(`chunk ${chunk.sha256} is not what the manifest says`);
      return raw;
    }),
  );
  const files = new Map<string, Buffer>();
  for (const { path, chunk, offset, bytes, sha256: expected } of manifest.files) {
    const content = Buffer.concat(chunks.slice(chunk)).subarray(offset, offset + bytes);
    if (sha256(content) !== expected) throw new Error(`${path} is not what the manifest says`);
    files.set(path, content);
  }
  return files;
}

export async function inflateWhole(compressed: Uint8Array, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of inflate(inPieces(compressed, 100_000), maxBytes)) pieces.push(piece);
  return Buffer.concat(pieces);
}

export async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Every file below a folder with the hash of its content. */
export async function snapshot(dir: string): Promise<Readonly<Record<string, string>>> {
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = found.filter(item => item.isFile()).map(item => join(item.parentPath, item.name));
  const rows = files.sort().map(async file => [file.slice(dir.length + 1), sha256(await readFile(file))]);
  return Object.fromEntries(await Promise.all(rows));
}
