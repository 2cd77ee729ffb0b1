import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Finding } from '../findings.ts';
import { readZipDirectory } from '../zip/read-zip.ts';
import { type CheckTarget, checkArtifact } from './check-artifact.ts';
import { listNeeds, type NeedsRow } from './linkage/list-needs.ts';
import { inspectFolder } from './natives/inspect-folder.ts';
import { inspectZip } from './natives/inspect-zip.ts';
import type { ArtifactFacts, Inspected } from './natives/inspected.ts';

/** A file or link; sizes in bytes. `digest` is alike for equal content, and null where no other file has its size. */
export interface ReportFile {
  readonly path: string;
  readonly bytes: number;
  readonly compressedBytes: number | null;
  readonly digest: string | null;
}

/** All that a report tells of an artifact that any tool made. */
export interface ReportFacts {
  readonly facts: ArtifactFacts;
  readonly files: readonly ReportFile[];
  /** Paths of those that are native by their bytes. */
  readonly natives: readonly string[];
  readonly linkage: readonly NeedsRow[];
  readonly findings: readonly Finding[];
}

/** Reads and judges a zip or a folder. Throws `INPUT_UNREADABLE`, `NOT_A_ZIP`, `CANCELLED`. */
export async function readReportFacts(path: string, target: CheckTarget): Promise<ReportFacts> {
  const { findings } = await checkArtifact(path, target);
  const isFolder = (await stat(path)).isDirectory();
  const inspected = isFolder ? await inspectFolder(path) : await inspectZip(path, target.signal);
  return {
    facts: inspected.facts,
    files: isFolder ? await listFolder(path, inspected) : await listZip(path),
    natives: inspected.natives.files.map(file => file.path),
    linkage: listNeeds({ root: inspected.natives, layers: [], platform: target.platform }),
    findings,
  };
}

/** The checksum of a zip's directory and the size tell equal files apart from others well enough for a hint. */
async function listZip(path: string): Promise<readonly ReportFile[]> {
  const { entries } = await readZipDirectory(path);
  return entries
    .filter(({ kind }) => kind !== 'folder')
    .map(entry => ({
      path: entry.path,
      bytes: entry.bytes,
      compressedBytes: entry.compressedBytes,
      digest: entry.kind === 'file' ? String(entry.crc32) : null,
    }));
}

async function listFolder(dir: string, { sizes, natives }: Inspected): Promise<readonly ReportFile[]> {
  const links = new Set(natives.links.map(({ path }) => path));
  const counts = new Map<number, number>();
  for (const bytes of sizes.values()) counts.set(bytes, (counts.get(bytes) ?? 0) + 1);
  const files: ReportFile[] = [];
  for (const [path, bytes] of sizes) {
    const isShared = (counts.get(bytes) ?? 0) > 1 && !links.has(path);
    const digest = isShared ? await hashFile(join(dir, path)) : null;
    files.push({ path, bytes, compressedBytes: null, digest });
  }
  return files;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
