/*
 * Hostile zips: mutations of several kinds of them, through all of `check` that reads a zip from outside.
 *   npx tsc -p tsconfig.test.json && node .build/bench/fuzz-zip.js [count] [seed]
 * The same seed makes the same files. Fails on an error that is not ours, on a zip that takes over two seconds, on memory that
 * grows. The zip that failed is left as fuzz-zip-crash.zip.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkArtifact } from '../src/check/check-artifact.ts';
import { resolvePlatform } from '../src/config/resolve-platform.ts';
import { SlimError } from '../src/errors.ts';
import { wordFinding } from '../src/report/wording.ts';
import { withTempDir } from '../src/util/fs.ts';
import { seedRandom } from '../test/helpers/mutate-elf.ts';
import { mutateZip, zipsToMutate } from '../test/helpers/mutate-zip.ts';

const MAX_MS = 2000;
const MAX_GROWTH_BYTES = 300_000_000;
const CRASH_FILE = 'fuzz-zip-crash.zip';

const [rawCount = '20000', rawSeed = '1'] = process.argv.slice(2);
const zips = zipsToMutate(readFileSync('fixtures/elf/libtiny.so.1'));
const outcomes = new Map<string, number>();
const slowest = { ms: 0, round: 0 };
let settledBytes = 0;

await withTempDir(async dir => {
  for (let round = 0; round < Number(rawCount); round++) {
    await runRound(round, join(dir, 'a.zip'));
    if (round % 1000 === 999) checkMemory(round);
  }
});
console.log(`${rawCount} mutations of ${zips.length} zips, seed ${rawSeed}: no exception`);
console.log(Object.fromEntries([...outcomes].sort()));
console.log(`slowest: ${slowest.ms.toFixed(0)} ms, round ${slowest.round}`);
console.log(`memory: ${process.memoryUsage().rss} bytes resident at the end, ${settledBytes} early on`);

/** Every round has a seed, so that a single one can be made again. */
async function runRound(round: number, path: string): Promise<void> {
  const random = seedRandom(Number(rawSeed) * 1_000_003 + round);
  const zip = mutateZip(zips[random(zips.length)] as Buffer, random);
  writeFileSync(path, zip);
  const platform = random(3) === 0 ? null : resolvePlatform(random(2) ? 'nodejs22.x' : 'python3.12', 'x64');
  const signal = new AbortController().signal;
  const handler = random(2) ? 'index.handler' : 'app.handler';
  const start = performance.now();
  try {
    const { findings } = await checkArtifact(path, { platform, layers: [], tmpMiB: 512, handler, signal });
    for (const finding of findings) wordFinding(finding);
    tally(findings.length > 0 ? 'judged' : 'fine');
  } catch (error) {
    if (!(error instanceof SlimError) || error.code !== 'NOT_A_ZIP')
      fail(round, zip, error instanceof Error ? String(error.stack) : String(error));
    tally('refused');
  }
  const ms = performance.now() - start;
  if (ms > slowest.ms) Object.assign(slowest, { ms, round });
  if (ms > MAX_MS) fail(round, zip, `it took ${ms.toFixed(0)} ms`);
}

function tally(outcome: string): void {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

function checkMemory(round: number): void {
  const { rss } = process.memoryUsage();
  if (settledBytes === 0) settledBytes = rss;
  if (rss > settledBytes + MAX_GROWTH_BYTES) fail(round, null, `memory grew to ${rss} bytes`);
}

function fail(round: number, zip: Buffer | null, reason: string): never {
  if (zip) writeFileSync(CRASH_FILE, zip);
  console.error(`round ${round}, seed ${rawSeed}: ${reason}`);
  process.exit(1);
}
