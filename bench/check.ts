/*
 * How long `check` takes for a zip at Lambda's limit, beside `unzip -t`, which inflates all of it.
 *   npm run build && npm run build:test && node .build/bench/check.js [zip] [rounds]
 * Without a zip one is made of this Node.js (twice, as native libraries) and of packages, to 250 MB unzipped; zip and unzip have
 * to be there. Both run in turns as whole processes; medians and their ratio are printed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withTempDir } from '../src/util/fs.ts';

const MOST_BYTES = 262_000_000;
const CLI = resolve('bin/lambda-slim.js');

const [zip, rawRounds = '5'] = process.argv.slice(2);

await withTempDir(async dir => {
  const path = zip === undefined ? makeZip(dir) : resolve(zip);
  const times: Readonly<Record<'check' | 'unzip', number[]>> = { check: [], unzip: [] };
  for (let round = 0; round < Number(rawRounds); round++) {
    times.check.push(time(process.execPath, [CLI, 'check', path, '--runtime', 'nodejs22.x', '--json']));
    times.unzip.push(time('unzip', ['-tq', path]));
  }
  const [check, unzip] = [median(times.check), median(times.unzip)];
  console.log(`${statSync(path).size} bytes zipped`);
  console.log(
    `check ${check.toFixed(0)} ms, unzip -t ${unzip.toFixed(0)} ms: ratio ${(check / unzip).toFixed(2)}`,
  );
});

function makeZip(dir: string): string {
  const tree = join(dir, 'fn');
  mkdirSync(join(tree, 'lib'), { recursive: true });
  let left = MOST_BYTES;
  for (const name of ['liba.so', 'libb.so']) {
    const { size } = statSync(process.execPath);
    if (size > left) break;
    cpSync(process.execPath, join(tree, 'lib', name));
    left -= size;
  }
  for (const name of readdirSync('node_modules').sort()) {
    if (name.startsWith('.')) continue;
    const bytes = weigh(join('node_modules', name));
    if (bytes > left) continue;
    cpSync(join('node_modules', name), join(tree, 'node_modules', name), { recursive: true });
    left -= bytes;
  }
  const path = join(dir, 'fn.zip');
  execFileSync('zip', ['-qr', path, '.'], { cwd: tree });
  return path;
}

function weigh(dir: string): number {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true });
  return names
    .filter(each => each.isFile())
    .reduce((sum, each) => sum + statSync(join(each.parentPath, each.name)).size, 0);
}

/** Milliseconds of a whole process; check answers 1 where it found an error. */
function time(program: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (error || (status ?? 2) > 1) throw error ?? new Error(`${program} ended with ${status}`);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
