import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeFlags } from '../lambda/node-flags.ts';
import { TASK_ROOT } from './cache-key.ts';
import { type Laboratory, MEMORY_MIB, runHarness } from './run-harness.ts';

/** Medians of the import times without and with the cache, ms. */
export interface Measurement {
  readonly before: number;
  readonly after: number;
  readonly runs: number;
  /** True when V8 took the cache. */
  readonly accepted: boolean;
}

export interface Cached {
  readonly shim: string;
  readonly bundle: string;
  /** Folder of the cache in the artifact, and its only file. */
  readonly folder: string;
  readonly key: string;
}

/** Imports of each kind, in alternation. */
const RUNS = 7;

/** Imports the bundle and, with its cache, the shim: in fresh processes, with the flags that Lambda gives to Node.js. */
export async function measureCache(laboratory: Laboratory, cached: Cached): Promise<Measurement> {
  const { shim, bundle } = cached;
  const flags = nodeFlags(Number(laboratory.platform.runtime.version), MEMORY_MIB);
  const common = { served: [shim, bundle], cacheDir: null, flags };
  const { log } = await runHarness(laboratory, { ...common, entry: shim, log: true });
  const before: number[] = [];
  const after: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await removeOthers(laboratory, cached);
    before.push((await runHarness(laboratory, { ...common, entry: bundle, log: false })).ms);
    after.push((await runHarness(laboratory, { ...common, entry: shim, log: false })).ms);
  }
  return { before: median(before), after: median(after), runs: RUNS, accepted: isAccepted(log, bundle) };
}

/** On Lambda the folder is read-only; here Node.js may have added what the artifact does not have. */
async function removeOthers({ taskRoot }: Laboratory, { folder, key }: Cached): Promise<void> {
  const dir = join(taskRoot, folder);
  for (const name of await readdir(dir)) if (name !== key) await rm(join(dir, name));
}

/** Finds the line that Node.js prints for a cache that V8 took. */
function isAccepted(log: string, bundle: string): boolean {
  const path = `${TASK_ROOT}/${bundle}`;
  const name = bundle.endsWith('.mjs') ? pathToFileURL(path).href : path;
  return log.split('\n').some(line => line.endsWith(`${name} was accepted, keeping the in-memory entry`));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
