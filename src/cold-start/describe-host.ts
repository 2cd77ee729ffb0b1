import { arch, availableParallelism, cpus, loadavg, platform, release } from 'node:os';
import type { BenchHost } from './types.ts';

/** The machine that measures, for the reader who compares. */
export function describeHost(): BenchHost {
  return {
    os: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown CPU',
    cores: availableParallelism(),
    node: process.versions.node,
    load: loadavg()[0] ?? 0,
  };
}
