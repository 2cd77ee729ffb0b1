import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull, writeAtomic } from '../util/fs.ts';
import { compareCodeUnits } from '../util/path.ts';
import { explainCache } from './blob-store.ts';

/** What the content of a file was when it was last read; unchanged files need not be read again. */
export interface StatIndex {
  /** By path on this machine. */
  readonly rows: Map<string, StatRow>;
  isChanged: boolean;
}

interface StatRow {
  /** Device, inode, size and both times; any change of the file changes it. */
  readonly stamp: string;
  /** Of the content, hex. */
  readonly sha256: string;
  /** Days since 1970; rows that are not used go. */
  readonly day: number;
}

const FILE_NAME = 'stat-index-1.jsonl';
const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_AGE_DAYS = 30;

/** A file written this shortly before it was read may be written again within one tick of its clock: git's "racy" problem. */
const RACY_MS = 2000;

/** Reads the index; an absent, damaged or foreign one is an empty one. */
export async function loadStatIndex(cacheDir: string | null): Promise<StatIndex> {
  const index: StatIndex = { rows: new Map(), isChanged: false };
  if (cacheDir === null) return index;
  const path = join(cacheDir, FILE_NAME);
  const text = await explainCache(path, orNull(readFile(path, 'utf8')));
  const end = text?.indexOf('\n') ?? -1;
  const body = text?.slice(end + 1) ?? '';
  if (end < 0 || text?.slice(0, end) !== digestOf(body)) return index;
  const today = Math.floor(Date.now() / DAY_MS);
  for (const line of body.split('\n').filter(Boolean)) {
    const [file, stamp, sha256, day] = JSON.parse(line) as [string, string, string, number];
    if (today - day <= MAX_AGE_DAYS) index.rows.set(file, { stamp, sha256, day });
  }
  return index;
}

/** Writes the index when it has changed. */
export async function saveStatIndex(cacheDir: string, index: StatIndex): Promise<void> {
  if (!index.isChanged) return;
  const rows = [...index.rows].sort(([a], [b]) => compareCodeUnits(a, b));
  const body = rows
    .map(([path, row]) => `${JSON.stringify([path, row.stamp, row.sha256, row.day])}\n`)
    .join('');
  const path = join(cacheDir, FILE_NAME);
  await explainCache(
    path,
    writeAtomic(path, file => file.writeFile(`${digestOf(body)}\n${body}`)),
  );
}

/** The sha256 of a file's content if the file is as it was, or null. */
export function findSha256(index: StatIndex, path: string, stats: BigIntStats): string | null {
  const row = index.rows.get(path);
  if (row?.stamp !== stampOf(stats)) return null;
  const today = Math.floor(Date.now() / DAY_MS);
  if (row.day !== today) setRow(index, path, { ...row, day: today });
  return row.sha256;
}

/** Remembers the content of a file whose reading began at `readAtMs`, unless it had been changed just before. */
export function recordSha256(
  index: StatIndex,
  path: string,
  stats: BigIntStats,
  sha256: string,
  readAtMs: number,
): void {
  const changedAtMs = Math.max(Number(stats.mtimeNs / 1_000_000n), Number(stats.ctimeNs / 1_000_000n));
  if (readAtMs - changedAtMs <= RACY_MS) return;
  setRow(index, path, { stamp: stampOf(stats), sha256, day: Math.floor(readAtMs / DAY_MS) });
}

function setRow(index: StatIndex, path: string, row: StatRow): void {
  index.rows.set(path, row);
  index.isChanged = true;
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
