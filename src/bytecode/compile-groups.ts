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
  const missing: Kept[] = [];
  for (const each of kept) if (!(await readIndex(each.folder))) missing.push(each);
  if (missing.length > 0) await explainCache(base, makeMissing(missing, base, request, context));
  const found = await Promise.all(kept.map(readGroup));
  return new Map(found.flat());
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

/** Sizes of the files of a finished group, null for what did not compile; null where there is no such group. */
async function readIndex(folder: string): Promise<readonly (number | null)[] | null> {
  const text = await orNull(readFile(join(folder, INDEX), 'utf8'));
  return text === null ? null : (JSON.parse(text) as readonly (number | null)[]);
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
    for (const [group, { folder }] of missing.entries()) {
      const sizes = await mapPool(jobs[group] ?? [], OPEN_FILES, ({ target }) => settle(target, request));
      await writeFile(join(dir, `${group}`, INDEX), JSON.stringify(sizes));
      await putInPlace(join(dir, `${group}`), folder);
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

/** Makes the bytes of a file those that every run gives, and tells how many; null where it is not there. */
async function settle(file: string, { compiler }: CompileRequest): Promise<number | null> {
  const made = await orNull(readFile(file));
  if (!made) return null;
  const code = settleMarshal(made.subarray(HEADER_BYTES), compiler.version);
  await writeFile(file, Buffer.concat([made.subarray(0, HEADER_BYTES), code]));
  return HEADER_BYTES + code.length;
}

/** Another build may have been quicker with the same group. */
async function putInPlace(partial: string, folder: string): Promise<void> {
  await rename(partial, folder).catch(async (error: unknown) => {
    if (!(await readIndex(folder))) throw error;
  });
}

async function readGroup({ sources, folder }: Kept): Promise<readonly (readonly [string, Compiled])[]> {
  const sizes = (await readIndex(folder)) ?? [];
  const found = await mapPool(sources, OPEN_FILES, async ({ path }, index) => {
    const bytes = sizes[index] ?? null;
    if (bytes === null) return null;
    const file = join(folder, `${index}.pyc`);
    const { mtimeMs } = await explainRead(file, lstat(file));
    return [path, { file, bytes, mtimeMs }] as const;
  });
  return found.filter(each => each !== null);
}
