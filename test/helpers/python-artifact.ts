import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { NativeFile } from '../../src/elf/types.ts';
import { compressLibraries } from '../../src/native/compress/compress-libraries.ts';
import type { LibraryBlob } from '../../src/native/compress/types.ts';
import { readNatives } from '../../src/native/read-natives.ts';
import type { CompressChoice, Entry, FileEntry, Tree } from '../../src/types.ts';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { compareCodeUnits, toArtifactPath } from '../../src/util/path.ts';

/** Encodes a file in chunks with Python's own lzma: `<in> <out> <preset> <chunk bytes>`; prints the chunks. */
const ENCODE = `
import json, lzma, sys, zlib
source, target, preset, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
filters = [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "preset": preset, "dict_size": min(size, 16 << 20)}]
chunks, offset, at = [], 0, 0
with open(source, "rb") as file, open(target, "wb") as blob:
    while data := file.read(size):
        packed = lzma.compress(data, lzma.FORMAT_XZ, lzma.CHECK_CRC32, filters=filters)
        blob.write(packed)
        chunks.append({"offset": offset, "bytes": len(data), "at": at, "compressedBytes": len(packed),
                       "crc32": zlib.crc32(data), "format": "xz", "filter": None})
        offset, at = offset + len(data), at + len(packed)
print(json.dumps(chunks))
`;

/** The Python that these tests run; by its own path, since what stands in the PATH may be a slow script in front of it. */
export const PYTHON = spawnSync(
  process.env.LAMBDA_SLIM_TEST_PYTHON ?? 'python3',
  ['-c', 'import sys; print(sys.executable)'],
  { encoding: 'utf8' },
).stdout.trim();

/** All files and links below a folder, as a tree. */
export async function readTree(root: string): Promise<Tree> {
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const entries = await Promise.all(
    found
      .filter(item => !item.isDirectory())
      .map(async (item): Promise<Entry> => {
        const file = join(item.parentPath, item.name);
        const path = toArtifactPath(file.slice(root.length + 1));
        const origin = { kind: 'include', pattern: '**' } as const;
        if (item.isSymbolicLink()) return { kind: 'link', path, target: await readlink(file), origin };
        const { size, mode, mtimeMs } = statSync(file);
        const source = { kind: 'disk', path: file, mtimeMs } as const;
        return { kind: 'file', path, source, bytes: size, mode: mode & 0o100 ? 0o755 : 0o644, origin };
      }),
  );
  entries.sort((a, b) => compareCodeUnits(a.path, b.path));
  return { entries, packages: [], removals: [] };
}

export interface CompressOptions {
  readonly choice?: Partial<CompressChoice>;
  readonly preset?: number;
  readonly chunkBytes?: number;
  /** Instead of what the files on disk are. */
  readonly natives?: ReadonlyMap<string, NativeFile>;
  readonly workDir: string;
}

/** Compresses the libraries of a folder for Python, with xz, and lays the result out in `target`, read-only. */
export async function compressFolder(root: string, target: string, options: CompressOptions) {
  const tree = await readTree(root);
  const { preset = 1, chunkBytes = 16 << 20, workDir } = options;
  let blobs = 0;
  const encode = async (file: FileEntry): Promise<LibraryBlob | null> => {
    const blob = join(workDir, `blob-${blobs++}`);
    const source = file.source.kind === 'disk' ? file.source.path : '';
    const args = ['-c', ENCODE, source, blob, `${preset}`, `${chunkBytes}`];
    const { stdout, stderr, status } = spawnSync(PYTHON, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const { size: bytes, mtimeMs } = statSync(blob);
    if (bytes >= file.bytes) return null;
    return {
      source: { kind: 'disk', path: blob, mtimeMs },
      bytes,
      extension: 'xz',
      chunks: JSON.parse(stdout),
    };
  };
  const choice: CompressChoice = { minBytes: 1 << 20, only: [], except: [], ...options.choice };
  const natives = options.natives ?? readNatives(tree.entries);
  const name = 'lambda_slim_libraries.py';
  const shims = new Map([[name, readFileSync(`src/shims/${name}`)]]);
  const result = await compressLibraries({ tree, natives, language: 'python', choice, encode, shims });
  await layOutTree(result.tree.entries, target);
  return result;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Python code with `root` as the function's code and an own temporary folder. */
export function runPython(
  root: string,
  code: string,
  tmp: string,
  env: Readonly<Record<string, string>> = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', code], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, TMPDIR: tmp, PYTHONPATH: root, PYTHONDONTWRITEBYTECODE: '1', ...env },
  });
  return { status, stdout, stderr };
}

/** The unzipped size of what a plan leaves, bytes. */
export function bytesOf({ entries }: Tree): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0);
}

export async function readIndex(root: string) {
  return JSON.parse(await readFile(join(root, '.lambda-slim', 'index.json'), 'utf8'));
}
