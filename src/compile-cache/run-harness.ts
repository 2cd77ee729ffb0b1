import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SlimError } from '../errors.ts';
import { makeFunctionEnv } from '../lambda/function-env.ts';
import { nodeFlags } from '../lambda/node-flags.ts';
import type { Context, Platform } from '../types.ts';
import { exec } from '../util/exec.ts';
import { orNull } from '../util/fs.ts';
import { TASK_ROOT } from './cache-key.ts';
import type { HarnessJob, HarnessResult } from './harness.ts';

/** A laid-out artifact and the Node.js to load it with. */
export interface Laboratory {
  readonly node: string;
  readonly taskRoot: string;
  readonly handler: string;
  readonly platform: Platform;
  readonly context: Context;
}

export interface Measurement {
  readonly before: number;
  readonly after: number;
  readonly runs: number;
  /** True when V8 took the cache in every run. */
  readonly accepted: boolean;
}

const HARNESS = fileURLToPath(new URL('./harness.js', import.meta.url));

/** An import that takes longer is not waited for. */
const TIMEOUT_MS = 60_000;

/** Imports of each kind, in alternation. */
const RUNS = 5;

const MEMORY_MIB = 1024;

/** Without it, the order of V8's hash tables and with it the bytes of the cache would change from run to run. It is not part of the flags that V8 compares. */
const PREDICTABLE = ['--predictable'];

/** Makes the cache of a bundle, twice; null where the two differ, since a build must give the same bytes each time. */
export async function makeCache(laboratory: Laboratory, bundle: string, key: string): Promise<Buffer | null> {
  const first = await makeOnce(laboratory, bundle, key);
  return first.equals(await makeOnce(laboratory, bundle, key)) ? first : null;
}

async function makeOnce(laboratory: Laboratory, bundle: string, key: string): Promise<Buffer> {
  const cacheDir = await mkdtemp(join(laboratory.context.workDir, 'made-'));
  await runHarness(laboratory, PREDICTABLE, { entry: bundle, served: [bundle], cacheDir });
  const [folder = ''] = await readdir(cacheDir);
  return readFile(join(cacheDir, folder, key));
}

/** Imports the bundle and, with its cache, the shim: in fresh processes, with the flags that Lambda gives to Node.js. */
export async function measureCache(
  laboratory: Laboratory,
  shim: string,
  bundle: string,
): Promise<Measurement> {
  const flags = nodeFlags(Number(laboratory.platform.runtime.version), MEMORY_MIB);
  const served = [shim, bundle];
  const before: number[] = [];
  const after: number[] = [];
  let accepted = true;
  for (let run = 0; run < RUNS; run++) {
    before.push((await runHarness(laboratory, flags, { entry: bundle, served, cacheDir: null })).ms);
    const cached = await runHarness(laboratory, flags, { entry: shim, served, cacheDir: null });
    after.push(cached.ms);
    accepted &&= cached.log.split('\n').some(line => line.endsWith(acceptance(bundle)));
  }
  return { before: median(before), after: median(after), runs: RUNS, accepted };
}

/** End of the line that Node.js prints for a cache that V8 took, with NODE_DEBUG_NATIVE=COMPILE_CACHE. */
function acceptance(bundle: string): string {
  const name = new URL(`file://${TASK_ROOT}/${bundle}`);
  return `${bundle.endsWith('.mjs') ? name.href : `${TASK_ROOT}/${bundle}`} was accepted, keeping the in-memory entry`;
}

interface Run {
  readonly ms: number;
  /** What Node.js told of its compile cache. */
  readonly log: string;
}

async function runHarness(
  laboratory: Laboratory,
  flags: readonly string[],
  job: Pick<HarnessJob, 'entry' | 'served' | 'cacheDir'>,
): Promise<Run> {
  const { node, taskRoot, context } = laboratory;
  const dir = await mkdtemp(join(context.workDir, 'run-'));
  const resultFile = join(dir, 'result.json');
  const whole: HarnessJob = { ...job, taskRoot, servedRoot: TASK_ROOT, resultFile };
  const { stderr } = await exec(node, [...flags, HARNESS, JSON.stringify(whole)], {
    cwd: taskRoot,
    env: makeEnv(laboratory, dir),
    signal: context.signal,
    timeoutMs: TIMEOUT_MS,
  });
  const text = await orNull(readFile(resultFile, 'utf8'));
  const result: HarnessResult = text === null ? { error: 'it ended the process' } : JSON.parse(text);
  if ('error' in result) throw new SlimError('COMMAND_FAILED', [`import ${job.entry}`, result.error, '']);
  return { ms: result.ms, log: stderr };
}

function makeEnv(
  { platform, taskRoot, handler }: Laboratory,
  tmpDir: string,
): Readonly<Record<string, string>> {
  return {
    ...makeFunctionEnv({ runtime: platform.runtime, handler, taskRoot, memoryMiB: MEMORY_MIB, host: {} }),
    LAMBDA_TASK_ROOT: TASK_ROOT,
    TMPDIR: tmpDir,
    NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
