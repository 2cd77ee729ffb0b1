import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LAMBDA_PLACES } from '../lambda/function-env.ts';
import type { Context, FileEntry } from '../types.ts';
import { orNull } from '../util/fs.ts';
import { mapPool } from '../util/pool.ts';
import { explainCache } from '../zip/blob-store.ts';
import { explainRead } from '../zip/read-source.ts';
import { type CompileJob, type CompileRequest, runCompiler } from './run-compiler.ts';
import { settleMarshal } from './write-marshal.ts';

/** A file with the bytecode of a module, by the hash of its source (PEP 552). */
export interface Compiled {
  readonly file: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

/** Raise when the same source comes to other bytes for a reason that no version of Python tells. */
const REVISION = 1;

/** Bytes before the code: magic number, flags, hash of the source. */
const HEADER_BYTES = 16;

const OPEN_FILES = 16;
const INDEX = 'index.json';

/**
 * Compiles groups of sources, such as packages, in one run of Python, and keeps each group in the cache by its content. Gives the
 * bytecode by path in the artifact, which is also the name that tracebacks show, under `/var/task`; sources that do not compile
 * have none. Throws `COMMAND_FAILED`, `FILE_CHANGED`, `FILE_UNREADABLE`, `CACHE_UNWRITABLE`, `CANCELLED`.
 */
export async function compileGroups(
  groups: readonly (readonly FileEntry[])[],
  request: CompileRequest,
  context: Context,
): Promise<ReadonlyMap<string, Compiled>> {
  const base = join(context.cacheDir ?? context.workDir, 'bytecode');
  const kept = await mapPool(groups, 1, async sources => ({
    sources,
    folder: join(base, await keyOf(sources, request)),
  }));
  const found = await mapPool(kept, 1, readGroup);
  const missing = kept.filter((_, at) => found[at] === null);
  if (missing.length > 0) await explainCache(base, makeMissing(missing, base, request, context));
  const made = await mapPool(missing, 1, readGroup);
  return new Map([...found, ...made].flatMap(each => each ?? []));
}

interface Kept {
  readonly sources: readonly FileEntry[];
  /** Where the bytecode lies, or is to lie: a file a source, by its number, and the index. */
  readonly folder: string;
}

async function keyOf(sources: readonly FileEntry[], { compiler, kind }: CompileRequest): Promise<string> {
  const files = await mapPool(sources, OPEN_FILES, async ({ path, source }) => {
    const data =
      source.kind === 'memory' ? source.data : await explainRead(source.path, readFile(source.path));
    return [path, createHash('sha256').update(data).digest('hex')] as const;
  });
  const facts = JSON.stringify([REVISION, compiler.version, kind, files]);
  return createHash('sha256').update(facts).digest('hex').slice(0, 32);
}

type Found = readonly (readonly [path: string, compiled: Compiled])[];

/** The bytecode of a group that was finished; null where there is none, or not all of it is as it was. */
async function readGroup({ sources, folder }: Kept): Promise<Found | null> {
  const sizes = parseSizes(await orNull(readFile(join(folder, INDEX), 'utf8')));
  if (sizes === null) return null;
  const found = await mapPool(sources, OPEN_FILES, async ({ path }, index) => {
    const bytes = sizes[index] ?? null;
    if (bytes === null) return null;
    const file = join(folder, `${index}.pyc`);
    const stats = await orNull(lstat(file));
    return stats?.size === bytes ? ([path, { file, bytes, mtimeMs: stats.mtimeMs }] as const) : 'damaged';
  });
  return found.includes('damaged') ? null : found.filter(each => each !== null && each !== 'damaged');
}

/** Sizes in bytes of the files of a group, null for a source that does not compile. */
function parseSizes(text: string | null): readonly (number | null)[] | null {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

async function makeMissing(
  missing: readonly Kept[],
  base: string,
  request: CompileRequest,
  context: Context,
): Promise<void> {
  await mkdir(base, { recursive: true });
  const dir = await mkdtemp(join(base, 'partial-'));
  try {
    const jobs = await mapPool(missing, 1, ({ sources }, group) =>
      makeJobs(sources, join(dir, `${group}`), join(dir, 'sources', `${group}`)),
    );
    await runCompiler(request, jobs.flat(), context, dir);
    for (const [group, kept] of missing.entries()) {
      const sizes = await mapPool(jobs[group] ?? [], OPEN_FILES, ({ target }) => settle(target, request));
      await writeFile(join(dir, `${group}`, INDEX), JSON.stringify(sizes));
      await putInPlace(join(dir, `${group}`), kept);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function makeJobs(
  sources: readonly FileEntry[],
  target: string,
  spare: string,
): Promise<readonly CompileJob[]> {
  await mkdir(target, { recursive: true });
  return mapPool(sources, OPEN_FILES, async ({ path, source }, index) => {
    const file = source.kind === 'disk' ? source.path : join(spare, `${index}.py`);
    if (source.kind === 'memory') {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, source.data);
    }
    return {
      source: file,
      name: `${LAMBDA_PLACES.task}/${path}`,
      target: join(target, `${index}.pyc`),
    };
  });
}

/** Makes the bytes of a file those that every run gives, and tells how many; null where it is not there, or no code is in it. */
async function settle(file: string, { compiler }: CompileRequest): Promise<number | null> {
  const made = await orNull(readFile(file));
  const code = made && trySettle(made.subarray(HEADER_BYTES), compiler.version);
  if (!made || !code) return null;
  await writeFile(file, Buffer.concat([made.subarray(0, HEADER_BYTES), code]));
  return HEADER_BYTES + code.length;
}

/** What is not understood, such as constants inside one another a thousand times, is worth less than its source. */
function trySettle(data: Buffer, version: string): Buffer | null {
  try {
    return settleMarshal(data, version);
  } catch {
    return null;
  }
}

/** Takes the place of a damaged group. Another build may have been quicker with a whole one. */
async function putInPlace(partial: string, kept: Kept): Promise<void> {
  if (await readGroup(kept)) return;
  await rm(kept.folder, { recursive: true, force: true });
  await rename(partial, kept.folder).catch(async (error: unknown) => {
    if (!(await readGroup(kept))) throw error;
  });
}
