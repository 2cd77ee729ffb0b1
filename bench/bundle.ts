/*
 * What a bundle takes beside `tar | zstd`, as it is typed and with as many threads as there are cores, in alternation, on the files of
 * one folder; and what a new model adds.
 *   npm run build:test && node .build/bench/bundle.js <folder> [rounds]
 * Needs tar and zstd. A good folder is what `pip install --target <folder> numpy scipy pandas scikit-learn` makes. Ours is the time of
 * `writeBundle` in a process of its own, without the start of Node.js; times are walls, the best of all rounds.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundleInput, type WrittenBundle, writeBundle } from '../src/bundle/write-bundle.ts';
import { exec } from '../src/util/exec.ts';
import { withTempDir } from '../src/util/fs.ts';
import { toArtifactPath, toPosix } from '../src/util/path.ts';
import { runMeasured } from './run-measured.ts';

interface Measure {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakBytes: number;
  readonly bytes: number;
}

const TAR_ZSTD = 'set -o pipefail; tar -c -C "$1" . | zstd -3 -T"$2" -q -f -o "$3"';
const THREADS = availableParallelism();
const MODEL_BYTES = 45_000_000;
const BUNDLE_BYTES = 700_000_000;
const TARGETS = { throughput: 0.7, model: 1.05 } as const;

const [mode, ...rest] = process.argv.slice(2);
if (mode === '--child') await runChild(rest);
else {
  const folder = resolve(mode ?? '.');
  await withTempDir(async dir => {
    await compareThroughput(folder, Number(rest[0] ?? 5), dir);
    await compareModel(folder, dir);
  });
}

async function compareThroughput(folder: string, rounds: number, dir: string): Promise<void> {
  const found = { tar: [] as Measure[], threads: [] as Measure[], bundle: [] as Measure[] };
  for (let round = 0; round < rounds; round++) {
    found.tar.push(await measureTar(folder, 1, join(dir, 'tar.zst')));
    found.threads.push(await measureTar(folder, THREADS, join(dir, 'tar.zst')));
    found.bundle.push(await measureBundle(folder, join(dir, 'out')));
  }
  const bytes = sumBytes(await listInputs(folder));
  console.log(`${(bytes / 1e6).toFixed(0)} MB, ${THREADS} cores, best of ${rounds}\n`);
  console.log('| writer | s | MB/s | CPU s | MB made | peak MB |\n|---|---|---|---|---|---|');
  const tar = print('tar, zstd', found.tar, bytes);
  const threads = print(`tar, zstd -T${THREADS}`, found.threads, bytes);
  const bundle = print('bundle', found.bundle, bytes);
  console.log(`\nthroughput beside tar and zstd -T${THREADS}: ${(threads / bundle).toFixed(3)}`);
  judge('throughput beside tar and zstd', tar / bundle, tar / bundle >= TARGETS.throughput);
}

async function measureTar(folder: string, threads: number, out: string): Promise<Measure> {
  const args = ['bash', '-c', TAR_ZSTD, 'bench', folder, String(threads), out];
  const { wallMs, cpuMs, peakBytes } = await runMeasured(args, folder);
  return { ms: wallMs, cpuMs, peakBytes, bytes: (await stat(out)).size };
}

async function measureBundle(folder: string, out: string): Promise<Measure> {
  await rm(out, { recursive: true, force: true });
  const args = [process.execPath, fileURLToPath(import.meta.url), '--child', folder, out];
  const { peakBytes, stdout } = await runMeasured(args, folder);
  return { ...(JSON.parse(stdout) as Omit<Measure, 'peakBytes'>), peakBytes };
}

async function runChild([folder = '', out = '']: readonly string[]): Promise<void> {
  const inputs = await listInputs(folder);
  const [start, before] = [performance.now(), process.cpuUsage()];
  const { compressedBytes } = await write(inputs, out);
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, bytes: compressedBytes }));
}

function print(name: string, measures: readonly Measure[], bytes: number): number {
  const ms = Math.min(...measures.map(measure => measure.ms));
  const cpu = Math.min(...measures.map(measure => measure.cpuMs)) / 1000;
  const peak = Math.max(...measures.map(measure => measure.peakBytes)) / 1e6;
  const made = (measures[0]?.bytes ?? 0) / 1e6;
  const rate = bytes / 1e3 / ms;
  console.log(
    `| ${name} | ${(ms / 1000).toFixed(2)} | ${rate.toFixed(0)} | ${cpu.toFixed(2)} | ${made.toFixed(1)} | ${peak.toFixed(0)} |`,
  );
  return ms;
}

/** Fills the bundle up with models, and gives it one more. */
async function compareModel(folder: string, dir: string): Promise<void> {
  const models = join(dir, 'models');
  await mkdir(models);
  const packages = await listInputs(folder);
  for (let at = 0; sumBytes(packages) + at * MODEL_BYTES < BUNDLE_BYTES; at++)
    await writeFile(join(models, `model-${at}.bin`), makeWeights(at));
  const out = join(dir, 'out');
  const before = await write([...packages, ...(await listInputs(models))], out);
  const model = join(models, 'new.bin');
  await writeFile(model, makeWeights(99));
  const after = await write([...packages, ...(await listInputs(models))], out);
  const alone = join(dir, 'model.zst');
  await exec('zstd', ['-3', '-q', '-f', '-o', alone, model], { cwd: dir });
  const { size } = await stat(alone);
  console.log(
    `\nA model of ${MODEL_BYTES / 1e6} MB, ${(size / 1e6).toFixed(1)} MB compressed, in a bundle of ${(before.bytes / 1e6).toFixed(0)} MB: ${(after.writtenBytes / 1e6).toFixed(1)} MB to send`,
  );
  judge(
    "beside the model's compressed size",
    after.writtenBytes / size,
    after.writtenBytes <= size * TARGETS.model,
  );
}

/** Floats about 0 with most of their digits random, as weights are. */
function makeWeights(seed: number): Uint8Array {
  const floats = new Float32Array(MODEL_BYTES / 4);
  let state = (seed + 1) * 2_654_435_761;
  for (let index = 0; index < floats.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    floats[index] = (state / 2 ** 32 - 0.5) * 0.1;
  }
  return new Uint8Array(floats.buffer);
}

function write(inputs: readonly BundleInput[], out: string): Promise<WrittenBundle> {
  return writeBundle(inputs, out, { name: 'bench', signal: new AbortController().signal });
}

function judge(what: string, ratio: number, isMet: boolean): void {
  console.log(`\n${what}: ${ratio.toFixed(3)}, target ${isMet ? 'met' : 'MISSED'}`);
  if (!isMet) process.exitCode = 1;
}

function sumBytes(inputs: readonly BundleInput[]): number {
  return inputs.reduce((sum, { entry }) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0);
}

async function listInputs(folder: string): Promise<readonly BundleInput[]> {
  const names = await readdir(folder, { recursive: true });
  const inputs = await Promise.all(
    names.map(async (name): Promise<BundleInput | null> => {
      const path = join(folder, name);
      const stats = await stat(path);
      if (!stats.isFile()) return null;
      const source = { kind: 'disk', path, mtimeMs: stats.mtimeMs } as const;
      const posix = toPosix(name);
      const facts = { kind: 'file', path: toArtifactPath(posix), source, bytes: stats.size } as const;
      const group = (posix.split('/')[0] ?? '').replace(/(?:\.libs|-[^-]*\.dist-info)$/, '');
      const origin = { kind: 'include', pattern: '**' } as const;
      return { group, entry: { ...facts, mode: stats.mode & 0o111 ? 0o755 : 0o644, origin } };
    }),
  );
  return inputs.filter(input => input !== null);
}
