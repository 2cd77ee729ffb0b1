/*
 * Hostile ELF files: mutations of real libraries, through everything of src/elf that reads a file from outside.
 *   npx tsc -p tsconfig.test.json && node .build/bench/fuzz-elf.js <folder or file,...> [count] [seed] [read,strip,verify]
 * The same seed makes the same files. Fails on an exception, on a file that takes over a second, on memory that grows.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memorySource } from '../src/elf/byte-sources.ts';
import { readNativeFile } from '../src/elf/read-native-file.ts';
import { stripElf } from '../src/elf/strip-elf.ts';
import { verifyStripped } from '../src/elf/verify-stripped.ts';
import { mutateElf, seedRandom } from '../test/helpers/mutate-elf.ts';

const MAX_FILE_BYTES = 600_000;
const MAX_MS = 1000;
const MAX_GROWTH_BYTES = 300_000_000;
const CRASH_FILE = 'fuzz-elf-crash.bin';

const [paths = 'fixtures/elf', rawCount = '300000', rawSeed = '1', rawTasks = 'read,strip,verify'] =
  process.argv.slice(2);
const originals = paths.split(',').flatMap(path => readElfFiles(path));
const tasks = rawTasks.split(',');
const slowest = { ms: 0, round: 0, task: '' };
const outcomes = new Map<string, number>();
let settledBytes = 0;

const count = Number(rawCount);
for (let round = 0; round < count; round++) {
  // A seed for every round, so that a single one can be made again.
  const random = seedRandom(Number(rawSeed) * 1_000_003 + round);
  const original = originals[random(originals.length)] as Buffer;
  const mutated = mutateElf(original, random);
  time(round, mutated, 'read', () => {
    const file = readNativeFile(memorySource(mutated));
    const damaged = file.format === 'elf' && file.facts.damage.length > 0;
    tally(damaged ? 'damaged' : file.format);
  });
  time(round, mutated, 'strip', () => tally(stripElf(mutated) === mutated ? 'kept' : 'stripped'));
  time(round, mutated, 'verify', () =>
    tally(
      verifyStripped(memorySource(original), memorySource(mutated)).length > 0
        ? 'found unlike'
        : 'found like',
    ),
  );
  if (round % 1000 === 999) checkMemory(round);
}
console.log(`${count} mutations of ${originals.length} files, seed ${rawSeed}: no exception`);
console.log(Object.fromEntries([...outcomes].sort()));
console.log(`slowest: ${slowest.ms.toFixed(0)} ms to ${slowest.task}, round ${slowest.round}`);
console.log(`memory: ${process.memoryUsage().rss} bytes resident at the end, ${settledBytes} early on`);

function readElfFiles(path: string): readonly Buffer[] {
  const isFolder = statSync(path).isDirectory();
  const names = isFolder
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .sort()
        .map(name => join(path, name))
    : [path];
  return names
    .filter(name => statSync(name).isFile() && statSync(name).size <= MAX_FILE_BYTES)
    .map(name => readFileSync(name))
    .filter(bytes => bytes.toString('latin1', 0, 4) === '\x7fELF');
}

function tally(outcome: string): void {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

function time(round: number, bytes: Buffer, task: string, run: () => void): void {
  if (!tasks.includes(task)) return;
  const start = performance.now();
  try {
    run();
  } catch (error) {
    fail(round, bytes, `${task} threw: ${error instanceof Error ? error.stack : error}`);
  }
  const ms = performance.now() - start;
  if (ms > slowest.ms) Object.assign(slowest, { ms, round, task });
  if (ms > MAX_MS) fail(round, bytes, `${task} took ${ms.toFixed(0)} ms`);
}

function checkMemory(round: number): void {
  const { rss } = process.memoryUsage();
  if (settledBytes === 0) settledBytes = rss;
  if (rss > settledBytes + MAX_GROWTH_BYTES) fail(round, null, `memory grew to ${rss} bytes`);
}

function fail(round: number, bytes: Buffer | null, reason: string): never {
  if (bytes) writeFileSync(CRASH_FILE, bytes);
  console.error(`round ${round}, seed ${rawSeed}: ${reason}`);
  process.exit(1);
}
