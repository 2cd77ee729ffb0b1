import { exec } from '../src/util/exec.ts';

/** What one run of a program took. */
export interface Measured {
  readonly wallMs: number;
  /** User and system time of the run with all its processes. */
  readonly cpuMs: number;
  /** Peak resident set of the largest process of the run, bytes. */
  readonly peakBytes: number;
  readonly stdout: string;
}

/** Python knows the peak of its children, which Node does not tell. */
const WRAPPER = `
import resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.call(sys.argv[1:])
wall = (time.monotonic() - start) * 1000
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print('%d %d %d' % (wall, used.ru_maxrss * 1024, (used.ru_utime + used.ru_stime) * 1000), file=sys.stderr)
sys.exit(code)
`;

/** Runs a program to its end and measures it. */
export async function runMeasured(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Measured> {
  const { stdout, stderr } = await exec('python3', ['-c', WRAPPER, ...args], { cwd, env });
  const [wallMs = 0, peakBytes = 0, cpuMs = 0] = (stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { wallMs, cpuMs, peakBytes, stdout };
}

/** The middle of several numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
