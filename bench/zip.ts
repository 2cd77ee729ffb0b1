/*
 * Our zip beside Info-ZIP's `zip -9` and archiver at level 9, in alternation, on the files of one folder.
 *   npx tsc --noEmit false --rootDir . --outDir .build && node .build/bench/zip.js <folder> [rounds]
 * Each run is a process of its own; times are walls from its start to its end, the best of all rounds. RSS is the peak of our processes.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { ZipArchive } from 'archiver';
import type { CompressLevel, FileEntry } from '../src/types.ts';
import { exec } from '../src/util/exec.ts';
import { withTempDir } from '../src/util/fs.ts';
import { compareCodeUnits, toArtifactPath, toPosix } from '../src/util/path.ts';
import { writeZip } from '../src/zip/write-zip.ts';

interface Contender {
  readonly name: string;
  readonly args: readonly string[];
}

interface Best {
  bytes: number;
  ms: number;
  rss: number;
}

const OURS: readonly Contender[] = (['fast', 'best', 'max'] as const).flatMap(level =>
  ['1', 'all'].map(workers => ({
    name: `ours ${level}, threads: ${workers}`,
    args: ['ours', level, workers],
  })),
);
const CONTENDERS: readonly Contender[] = [
  { name: 'zip -9', args: [] },
  { name: 'archiver level 9', args: ['archiver'] },
  ...OURS,
  { name: 'ours best, cache warm', args: ['ours', 'best', 'all', 'warm'] },
];

const [mode, ...rest] = process.argv.slice(2);
if (mode === '--child') await runChild(rest);
else await compare(resolve(mode ?? '.'), Number(rest[0] ?? 3));

async function compare(folder: string, rounds: number): Promise<void> {
  const best = new Map<string, Best>();
  await withTempDir(async dir => {
    for (let round = 0; round < rounds; round++) {
      for (const contender of CONTENDERS) {
        const result = await runOnce(contender, folder, dir);
        const old = best.get(contender.name);
        best.set(contender.name, {
          ...result,
          ms: Math.min(result.ms, old?.ms ?? result.ms),
          rss: Math.max(result.rss, old?.rss ?? 0),
        });
      }
    }
  });
  const base = best.get('zip -9')?.ms ?? 1;
  console.log('| writer | bytes | wall, zip -9 = 1 | s | peak RSS MB |\n|---|---|---|---|---|');
  for (const [name, { bytes, ms, rss }] of best) {
    console.log(
      `| ${name} | ${bytes} | ${(ms / base).toFixed(2)} | ${(ms / 1000).toFixed(2)} | ${rss ? rss.toFixed(0) : ''} |`,
    );
  }
}

async function runOnce({ args }: Contender, folder: string, dir: string): Promise<Best> {
  const out = join(dir, 'bench.zip');
  await rm(out, { force: true });
  const start = performance.now();
  const script = fileURLToPath(import.meta.url);
  const { stdout } =
    args.length === 0
      ? await exec('zip', ['-9', '-q', '-r', '-X', out, '.'], { cwd: folder })
      : await exec(process.execPath, [script, '--child', folder, out, dir, ...args], { cwd: folder });
  const ms = performance.now() - start;
  return { bytes: (await stat(out)).size, ms, rss: Number(stdout || 0) };
}

/** Writes one zip and prints the peak of this process's memory, in MB. */
async function runChild([
  folder = '',
  out = '',
  dir = '',
  writer,
  level,
  workers,
  cache,
]: readonly string[]): Promise<void> {
  if (writer === 'archiver') await writeWithArchiver(folder, out);
  else {
    const workDir = join(dir, 'work');
    await mkdir(workDir, { recursive: true });
    await writeZip(out, await listEntries(folder), {
      level: level as CompressLevel,
      cacheDir: cache ? join(dir, 'cache') : null,
      workDir,
      signal: new AbortController().signal,
      ...(workers === 'all' ? {} : { workers: Number(workers) }),
    });
  }
  console.log((process.resourceUsage().maxRSS / 1000).toFixed(1));
}

async function writeWithArchiver(folder: string, out: string): Promise<void> {
  const archive = new ZipArchive({ zlib: { level: 9 } });
  archive.directory(folder, false);
  await Promise.all([pipeline(archive, createWriteStream(out)), archive.finalize()]);
}

async function listEntries(folder: string): Promise<readonly FileEntry[]> {
  const names = (await readdir(folder, { recursive: true })).sort(compareCodeUnits);
  const entries = await Promise.all(
    names.map(async (name): Promise<FileEntry | null> => {
      const path = join(folder, name);
      const stats = await stat(path);
      if (!stats.isFile()) return null;
      return {
        kind: 'file',
        path: toArtifactPath(toPosix(name)),
        source: { kind: 'disk', path, mtimeMs: stats.mtimeMs },
        bytes: stats.size,
        mode: stats.mode & 0o111 ? 0o755 : 0o644,
        origin: { kind: 'include', pattern: '**' },
      };
    }),
  );
  return entries.filter(entry => entry !== null);
}
