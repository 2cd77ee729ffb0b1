import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildResult, Entry } from '../types.ts';
import { orNull, writeAtomic } from '../util/fs.ts';
import { isUnchanged, latestChange, type Snapshot, takeSnapshot } from './snapshot.ts';

/** Raise when what is remembered changes its meaning. */
const FORMAT = 1;

interface Remembered {
  readonly format: number;
  readonly inputs: Snapshot;
  readonly outputs: Snapshot;
  readonly result: BuildResult;
}

/** What makes two builds the same question: everything that decides their result except the files they read. */
export function buildKey(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}

/**
 * Gives the result of an earlier build when every file it was made from and everything it wrote is as it was, else null.
 * Bytes that only lived in memory are not kept: entries of kind `memory` come back empty.
 */
export async function recallBuild(cacheDir: string, key: string): Promise<BuildResult | null> {
  const text = await orNull(readFile(pathOf(cacheDir, key), 'utf8'));
  const remembered = text === null ? null : parse(text);
  if (!remembered || !(await isUnchanged(remembered.outputs)) || !(await isUnchanged(remembered.inputs)))
    return null;
  return { ...remembered.result, upToDate: true, timings: [] };
}

/** Remembers a build. One whose inputs changed since it began is not remembered, since it may have read either state; what lies in the cache was put there whole. */
export async function rememberBuild(
  cacheDir: string,
  key: string,
  build: {
    readonly result: BuildResult;
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    readonly startedMs: number;
  },
): Promise<void> {
  const [inputs, outputs] = await Promise.all([takeSnapshot(build.inputs), takeSnapshot(build.outputs)]);
  if (!inputs || !outputs || latestChange(inputs, cacheDir) >= build.startedMs) return;
  const remembered: Remembered = { format: FORMAT, inputs, outputs, result: withoutBytes(build.result) };
  await writeAtomic(
    pathOf(cacheDir, key),
    async file => void (await file.writeFile(JSON.stringify(remembered))),
  );
}

function pathOf(cacheDir: string, key: string): string {
  return join(cacheDir, 'builds', `${key}.json`);
}

function parse(text: string): Remembered | null {
  try {
    const value = JSON.parse(text) as Remembered;
    return value.format === FORMAT ? { ...value, result: withoutBytes(value.result) } : null;
  } catch {
    return null;
  }
}

function withoutBytes(result: BuildResult): BuildResult {
  const strip = (entry: Entry): Entry =>
    entry.kind === 'file' && entry.source.kind === 'memory'
      ? { ...entry, source: { kind: 'memory', data: new Uint8Array() } }
      : entry;
  return { ...result, tree: { ...result.tree, entries: result.tree.entries.map(strip) } };
}
