import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SlimError } from '../../errors.ts';
import { findNode } from '../../lambda/find-node.ts';
import { findPython } from '../../lambda/find-python.ts';
import type { Arch, Context, Entry, InflateTime, Platform } from '../../types.ts';
import { exec } from '../../util/exec.ts';
import { layOutTree } from '../../util/lay-out-tree.ts';

/** Enough for a median; one where a single run takes this long, ms. */
const RUNS = 3;
const LONG_MS = 3000;
const TIMEOUT_MS = 300_000;

/** What the system says of a process counts its parent before it started; `VmHWM` does not. */
const NODE_CODE = `
const peak = () => { try { return 1024 * /VmHWM:\\s*(\\d+)/.exec(require('fs').readFileSync('/proc/self/status', 'utf8'))[1]; } catch { return 1024 * process.resourceUsage().maxRSS; } };
const shim = require(process.argv[1] + '/.lambda-slim/inflate.cjs');
const before = peak(), cpu = process.cpuUsage(), start = performance.now();
shim.prepare();
const wallMs = performance.now() - start, used = process.cpuUsage(cpu);
const peakBytes = peak() - before;
console.log(JSON.stringify({ wallMs, cpuMs: (used.user + used.system) / 1000, peakBytes, cores: require('os').availableParallelism() }));
`;

const PYTHON_CODE = `
import json, os, re, resource, sys, time

def peak():
    try:
        with open("/proc/self/status") as status:
            return 1024 * int(re.search(r"VmHWM:\\s*(\\d+)", status.read())[1])
    except OSError:
        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

sys.path.insert(0, sys.argv[1])
import lambda_slim_libraries
use = lambda: resource.getrusage(resource.RUSAGE_SELF)
before, lowest, start = use(), peak(), time.perf_counter()
lambda_slim_libraries.prepare()
wall, after = time.perf_counter() - start, use()
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps({"wallMs": wall * 1000, "cpuMs": cpu * 1000, "peakBytes": peak() - lowest, "cores": len(os.sched_getaffinity(0))}))
`;

/**
 * Inflates the libraries of a tree as its shim does on the first use in a sandbox, each run in a process and a folder of its own.
 * Where that cannot be done here the reason comes back; the artifact is none the worse for it. Throws `CANCELLED`.
 */
export async function measureInflate(
  entries: readonly Entry[],
  platform: Platform,
  context: Context,
): Promise<Measurement> {
  try {
    const command = await findCommand(platform, context);
    if (!command)
      return {
        time: null,
        reason: `there is no ${platform.runtime.language} ${platform.runtime.version} here`,
      };
    return { time: await measure(command, entries, context), reason: null };
  } catch (error) {
    if (error instanceof SlimError && error.code === 'CANCELLED') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return { time: null, reason: reason.split('\n')[0] ?? '' };
  }
}

async function measure(
  command: readonly string[],
  entries: readonly Entry[],
  context: Context,
): Promise<InflateTime> {
  const dir = await mkdtemp(join(context.workDir, 'inflate-'));
  try {
    const root = join(dir, 'task');
    await linkTree(entries, root);
    const runs: Sample[] = [];
    while (runs.length < RUNS && (runs[0]?.wallMs ?? 0) < LONG_MS) {
      runs.push(await runOnce([...command, root], dir, context.signal));
    }
    return toMedian(runs);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The time, or why there is none. */
export type Measurement =
  | { readonly time: InflateTime; readonly reason: null }
  | { readonly time: null; readonly reason: string };

type Sample = Omit<InflateTime, 'runs'>;

async function findCommand({ runtime }: Platform, context: Context): Promise<readonly string[] | null> {
  const { cacheDir, workDir, signal } = context;
  if (runtime.language === 'python') {
    const python = await findPython(runtime.version, { cwd: workDir, signal });
    return python ? [python, '-I', '-c', PYTHON_CODE] : null;
  }
  const options = { dir: cacheDir ?? workDir, signal };
  const node = await findNode(runtime.version, process.arch as Arch, options);
  return node.exact ? [node.path, '-e', NODE_CODE] : null;
}

/** Files of the user are linked to, not copied: a tree may hold gigabytes. */
async function linkTree(entries: readonly Entry[], root: string): Promise<void> {
  for (const entry of entries) {
    if (entry.kind === 'link' || entry.source.kind === 'memory') {
      await layOutTree([entry], root);
      continue;
    }
    const path = join(root, entry.path);
    await mkdir(dirname(path), { recursive: true });
    await symlink(entry.source.path, path);
  }
}

async function runOnce(
  [file = '', ...args]: readonly string[],
  dir: string,
  signal: AbortSignal,
): Promise<Sample> {
  const tmp = await mkdtemp(join(dir, 'tmp-'));
  try {
    const env = { TMPDIR: tmp, PATH: process.env.PATH };
    const { stdout } = await exec(file, args, { cwd: dir, env, signal, timeoutMs: TIMEOUT_MS });
    return JSON.parse(stdout) as Sample;
  } catch (error) {
    if (error instanceof SyntaxError) throw new SlimError('COMMAND_FAILED', [file, 0, 'no result']);
    throw error;
  } finally {
    await rm(tmp, { recursive: true, force: true });
  }
}

function toMedian(runs: readonly Sample[]): InflateTime {
  const sorted = [...runs].sort((a, b) => a.wallMs - b.wallMs);
  const { wallMs, cpuMs, cores } = sorted[Math.floor((sorted.length - 1) / 2)] as Sample;
  const peakBytes = Math.max(0, ...runs.map(run => run.peakBytes));
  return { wallMs: Math.round(wallMs), cpuMs: Math.round(cpuMs), peakBytes, cores, runs: runs.length };
}
