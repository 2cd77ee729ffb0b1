import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactPath, FileEntry, LinkEntry } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import type { ZipOptions } from '../../src/zip/write-zip.ts';

const ORIGIN = { kind: 'generated', by: 'test' } as const;

/** An entry whose bytes are in memory. The path is not checked, so that the writer has to. */
export function memoryFile(path: string, data: Uint8Array | string, mode: 0o644 | 0o755 = 0o644): FileEntry {
  const bytes = Buffer.from(data);
  const source = { kind: 'memory', data: bytes } as const;
  return { kind: 'file', path: path as ArtifactPath, source, bytes: bytes.length, mode, origin: ORIGIN };
}

export function link(path: string, target: string): LinkEntry {
  return { kind: 'link', path: path as ArtifactPath, target, origin: ORIGIN };
}

/** Writes a file below `dir` and gives its entry. */
export async function diskFile(
  dir: string,
  path: string,
  data: Uint8Array | string,
  mode: 0o644 | 0o755 = 0o644,
): Promise<FileEntry> {
  const file = join(dir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, data);
  return diskEntry(file, path, mode);
}

/** The entry of a file that is there. */
export async function diskEntry(file: string, path: string, mode: 0o644 | 0o755 = 0o644): Promise<FileEntry> {
  const { size, mtimeMs } = await stat(file);
  const source = { kind: 'disk', path: file, mtimeMs } as const;
  return { kind: 'file', path: path as ArtifactPath, source, bytes: size, mode, origin: ORIGIN };
}

/** Folders for one test, removed after it. */
export interface Room {
  readonly dir: string;
  readonly out: string;
  readonly options: ZipOptions;
  /** The same with a cache. */
  readonly cached: ZipOptions;
}

export async function withRoom(use: (room: Room) => Promise<void>): Promise<void> {
  await withTempDir(async dir => {
    const workDir = join(dir, 'work');
    await mkdir(workDir);
    const options: ZipOptions = {
      level: 'fast',
      cacheDir: null,
      workDir,
      signal: new AbortController().signal,
      workers: 2,
    };
    await use({
      dir,
      out: join(dir, 'out', 'a.zip'),
      options,
      cached: { ...options, cacheDir: join(dir, 'cache') },
    });
  });
}
