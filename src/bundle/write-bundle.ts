import { createHash } from 'node:crypto';
import { ZSTD_VERSION } from '../codec/zstd.ts';
import { SlimError } from '../errors.ts';
import type { Entry } from '../types.ts';
import { sumBytes } from '../util/entry-bytes.ts';
import { type BundlePool, withBundlePool } from './bundle-pool.ts';
import { type BundleWriter, openWriter } from './bundle-writer.ts';
import { findPathProblem } from './check-paths.ts';
import { describeRelease, type ReleaseFacts } from './describe-release.ts';
import { findContents, type GroupedFile } from './find-contents.ts';
import type { MadeChunk } from './job-types.ts';
import { chunkKey, manifestKey } from './keys.ts';
import { MAX_MANIFEST_BYTES } from './limits.ts';
import { makeChunks } from './make-chunks.ts';
import { parseManifest } from './parse-manifest.ts';
import { planChunks } from './plan-chunks.ts';
import { type BundleRelease, findBundle, sweepBundle } from './replace-bundle.ts';
import type { BundleLink, BundleManifest, BundlePointer } from './types.ts';

/** An entry of the tree, and the name of what it changes together with: its package, or a folder of own files. */
export interface BundleInput {
  readonly entry: Entry;
  readonly group: string;
}

export interface WriteBundleOptions {
  /** Of the function. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Threads; by default one a core. The bytes do not depend on it. */
  readonly workers?: number;
  /** Told of uncompressed bytes as they are done; content that several files have counts once. */
  readonly onBytes?: (bytes: number) => void;
}

/** A bundle that was written. Sizes are bytes. */
export interface WrittenBundle {
  readonly release: string;
  readonly manifest: BundleManifest;
  /** Of all files, unpacked. */
  readonly bytes: number;
  /** Of all that the release needs: its chunks and its manifest. */
  readonly compressedBytes: number;
  /** Of these, what was not there before. */
  readonly writtenBytes: number;
}

/**
 * Of the levels that keep up with `tar | zstd -3` on the same cores, the one that sends least: WebAssembly takes twice as long at
 * level 3, and makes 15 % less; at level -1, 7 % less long, and makes 14 % more.
 */
const LEVEL = 1;
const ENCODER = `zstd-wasm-${ZSTD_VERSION}/${LEVEL}`;

/**
 * Writes a bundle into the folder `outDir`, in the place of one that is there: its chunks are taken over where they are the same, and
 * it stays whole until the new one is. Same input, same bytes. Throws `ARTIFACT_PATH`, `FILE_CHANGED`, `FILE_UNREADABLE`,
 * `BUNDLE_IN_THE_WAY`, `OUTPUT_UNWRITABLE`, `COMPRESSOR_FAILED` and `CANCELLED`.
 */
export async function writeBundle(
  inputs: readonly BundleInput[],
  outDir: string,
  options: WriteBundleOptions,
): Promise<WrittenBundle> {
  const { files, links } = splitInputs(inputs);
  const old = await findBundle(outDir);
  const known = old?.manifest.encoder === ENCODER ? old.manifest.chunks : [];
  const chunks = new Map(known.map(chunk => [chunk.sha256, chunk]));
  const writer = await openWriter(outDir, old);
  const keep = async ({ chunk, data }: MadeChunk): Promise<void> => {
    if (data) await writer.write(chunkKey(chunk), data);
    options.onBytes?.(chunk.bytes);
  };
  try {
    const written = await withBundlePool({ dir: outDir, chunks }, options, async pool => {
      const contents = await findContents(files, pool);
      const plan = planChunks(contents);
      const made = await makeChunks(contents, plan, LEVEL, pool, keep);
      const facts = { name: options.name, encoder: ENCODER, files, links, contents, plan, made };
      return finish(facts, { outDir, pool, writer, old, signal: options.signal });
    });
    await sweepBundle(outDir, written);
    return written;
  } catch (error) {
    await writer.undo();
    throw error;
  }
}

function splitInputs(inputs: readonly BundleInput[]) {
  const files: GroupedFile[] = [];
  const links: BundleLink[] = [];
  for (const { entry, group } of inputs) {
    if (entry.kind === 'file') files.push({ entry, group });
    else links.push({ path: entry.path, target: entry.target });
  }
  const problem = findPathProblem(
    files.map(({ entry }) => entry),
    links,
  );
  if (problem) throw new SlimError('ARTIFACT_PATH', [problem.path, problem.reason]);
  return { files, links };
}

interface Target {
  readonly outDir: string;
  readonly pool: BundlePool;
  readonly writer: BundleWriter;
  readonly old: BundleRelease | null;
  readonly signal: AbortSignal;
}

async function finish(
  facts: ReleaseFacts,
  { outDir, pool, writer, old, signal }: Target,
): Promise<WrittenBundle> {
  const json = Buffer.from(JSON.stringify(describeRelease(facts)));
  // What a sync would refuse is told here.
  if (json.length > MAX_MANIFEST_BYTES)
    throw new SlimError('BUNDLE_INVALID', [outDir, 'it has too many files']);
  const manifest = parseManifest(json, outDir);
  const release = createHash('sha256').update(json).digest('hex');
  const source = { kind: 'memory', data: json } as const;
  const { data } = await pool.make([{ source, size: json.length, from: 0, bytes: json.length }], LEVEL);
  const compressed = data as Uint8Array;
  if (release !== old?.release) await writer.write(manifestKey(release), compressed);
  if (signal.aborted) throw new SlimError('CANCELLED', []);
  const pointer: BundlePointer = { schema: 1, name: facts.name, release };
  await writer.commit(Buffer.from(`${JSON.stringify(pointer)}\n`));
  const distinct = new Map(manifest.chunks.map(chunk => [chunk.sha256, chunk.compressedBytes]));
  const compressedBytes = [...distinct.values()].reduce((sum, bytes) => sum + bytes, compressed.length);
  const bytes = sumBytes(facts.files.map(({ entry }) => entry));
  return { release, manifest, bytes, compressedBytes, writtenBytes: writer.writtenBytes() };
}
