import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How far a run is. It lies on the file system beside the releases, where another invocation reads it for whoever follows: so the
 * role needs no right to write to S3, and a run that cannot reach S3 can still say so.
 */
export interface RunRecord {
  readonly run: string;
  readonly round: number;
  /** `continuing`: the next round was asked for; `paused`: it has to be asked for by whoever follows. */
  readonly state: 'running' | 'continuing' | 'paused' | 'done' | 'failed';
  /** Id of the invocation. */
  readonly by: string;
  readonly phase: string | null;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Counts up while the run is alive. */
  readonly beat: number;
  readonly result: unknown;
  readonly error: RunError | null;
}

export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const KEPT = 10;
/** Records of runs that publishing started; the folder may have others' files. */
const OURS = /^[0-9a-f-]{36}\.json(?:\.[0-9a-f-]{36}\.partial)?$/;
const LEFT_BEHIND_MS = 3_600_000;

/** Null where nothing was written of it yet. */
export async function readRecord(folder: string, run: string): Promise<RunRecord | null> {
  try {
    return JSON.parse(await readFile(pathOf(folder, run), 'utf8')) as RunRecord;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** Whole or not at all, so that whoever reads finds no half of it. */
export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  const path = pathOf(folder, record.run);
  const temporary = `${path}.${randomUUID()}.partial`;
  await mkdir(join(folder, 'runs'), { recursive: true });
  try {
    await writeFile(temporary, JSON.stringify(record));
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes all but the newest records, and what was left behind while writing them. */
export async function sweepRecords(folder: string): Promise<void> {
  const dir = join(folder, 'runs');
  const names = (await readdir(dir)).filter(name => OURS.test(name));
  const aged = await Promise.all(
    names.map(async name => ({ name, at: (await stat(join(dir, name)).catch(() => null))?.mtimeMs ?? 0 })),
  );
  const newest = aged.toSorted((a, b) => b.at - a.at);
  const stale = newest.filter(
    ({ name, at }, index) =>
      index >= KEPT || (name.endsWith('.partial') && (newest[0]?.at ?? 0) - at > LEFT_BEHIND_MS),
  );
  for (const { name } of stale) await rm(join(dir, name), { force: true });
}

function pathOf(folder: string, run: string): string {
  return join(folder, 'runs', `${run}.json`);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
