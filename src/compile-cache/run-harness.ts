import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SlimError } from '../errors.ts';
import { LAMBDA_PLACES, makeFunctionEnv } from '../lambda/function-env.ts';
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

/** What to import and how; `log` asks Node.js to tell of its compile cache, which takes time. */
export interface Experiment extends Pick<HarnessJob, 'entry' | 'served' | 'cacheDir'> {
  readonly flags: readonly string[];
  readonly log: boolean;
}

const HARNESS = fileURLToPath(new URL('./harness.js', import.meta.url));

/** An import that takes longer is not waited for. */
const TIMEOUT_MS = 60_000;

export const MEMORY_MIB = 1024;

/** How a run of the harness went. */
export interface Run {
  readonly ms: number;
  /** What Node.js told of its compile cache. */
  readonly log: string;
}

/** Imports a module of the laid-out artifact in a fresh process. Throws `COMMAND_FAILED` with what the import threw, and `CANCELLED`. */
export async function runHarness(laboratory: Laboratory, { flags, log, ...job }: Experiment): Promise<Run> {
  const { node, taskRoot, context } = laboratory;
  const dir = await mkdtemp(join(context.workDir, 'run-'));
  const resultFile = join(dir, 'result.json');
  const whole: HarnessJob = { ...job, taskRoot, servedRoot: TASK_ROOT, resultFile };
  const { stderr } = await exec(node, [...flags, HARNESS, JSON.stringify(whole)], {
    cwd: taskRoot,
    env: { ...makeEnv(laboratory, dir), ...(log ? { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' } : {}) },
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
    ...makeFunctionEnv({
      runtime: platform.runtime,
      handler,
      functionName: 'function',
      memoryMiB: MEMORY_MIB,
      places: { ...LAMBDA_PLACES, task: taskRoot },
      runtimeApi: '127.0.0.1:9001',
      environment: {},
      host: {},
    }),
    LAMBDA_TASK_ROOT: TASK_ROOT,
    TMPDIR: tmpDir,
  };
}
