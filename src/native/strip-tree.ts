import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileSource } from '../elf/byte-sources.ts';
import { hasElfMagic } from '../elf/read-elf.ts';
import { stripFile } from '../elf/strip-file.ts';
import { SlimError } from '../errors.ts';
import type { Context, Entry, FileEntry, StrippedFile } from '../types.ts';
import { explainSource } from '../util/explain-source.ts';
import type { StripRules } from './strip-rules.ts';

export interface StrippedEntries {
  readonly entries: readonly Entry[];
  readonly files: readonly StrippedFile[];
}

type Judged = Omit<StrippedFile, 'path' | 'bytesBefore' | 'bytesAfter'>;

/**
 * Strips every ELF file, found by its first bytes, whatever its name. The stripped ones lie in the work folder; a file that
 * would not get smaller, or that fails verification, keeps its original bytes.
 */
export async function stripTree(
  entries: readonly Entry[],
  rules: StripRules,
  context: Context,
): Promise<StrippedEntries> {
  const dir = join(context.workDir, 'stripped');
  await mkdir(dir, { recursive: true });
  const files: StrippedFile[] = [];
  const results: Entry[] = [];
  for (const entry of entries) {
    if (context.signal.aborted) throw new SlimError('CANCELLED', []);
    const stripped = isElf(entry) ? await stripEntry(entry, join(dir, String(files.length)), rules) : null;
    results.push(stripped?.entry ?? entry);
    if (stripped) files.push(stripped.file);
  }
  return { entries: results, files };
}

type DiskEntry = FileEntry & { readonly source: { readonly kind: 'disk' } };

/** What was made in memory is never native. */
function isElf(entry: Entry): entry is DiskEntry {
  if (entry.kind !== 'file' || entry.source.kind !== 'disk') return false;
  const { path } = entry.source;
  return explainSource(path, () => {
    const source = openFileSource(path);
    try {
      if (source.size !== entry.bytes) throw new SlimError('FILE_CHANGED', [path]);
      return hasElfMagic(source);
    } finally {
      source.close();
    }
  });
}

async function stripEntry(
  entry: DiskEntry,
  target: string,
  rules: StripRules,
): Promise<{ readonly entry: FileEntry; readonly file: StrippedFile }> {
  const off = rules(entry.path);
  const judged: Judged =
    off === null ? strip(entry.source.path, target) : { outcome: 'kept: switched off', reason: off };
  const isStripped = judged.outcome === 'stripped';
  const result = isStripped ? await fromDisk(entry, target) : entry;
  const sizes = { bytesBefore: entry.bytes, bytesAfter: result.bytes };
  return { entry: result, file: { path: entry.path, ...judged, ...sizes } };
}

function strip(from: string, to: string): Judged {
  const result = explainSource(from, () => stripFile(from, to));
  switch (result.outcome) {
    case 'kept':
      return { outcome: 'kept: not understood', reason: result.reason };
    case 'failed':
      return { outcome: 'kept: failed verification', reason: result.reason };
    default:
      return { outcome: result.outcome, reason: null };
  }
}

async function fromDisk(entry: FileEntry, path: string): Promise<FileEntry> {
  const { size, mtimeMs } = await stat(path);
  return { ...entry, bytes: size, source: { kind: 'disk', path, mtimeMs } };
}
