import type { ContainerOptions } from '../container/types.ts';
import type { ContainerConfig } from './types.ts';

/** What compiles for longer than half an hour hangs more often than not, s. */
const TIMEOUT_SECONDS = 1800;

/** Fills in how containers are run. `shellArgs` are those by which `container shell` finds the function. */
export function resolveContainer(
  config: ContainerConfig = {},
  shellArgs: readonly string[] = [],
): ContainerOptions {
  return {
    engine: config.engine ?? null,
    packages: config.packages ?? [],
    environment: config.environment ?? [],
    network: config.network ?? null,
    cpus: config.cpus ?? null,
    memoryMiB: config.memoryMiB ?? null,
    timeoutSeconds: config.timeoutSeconds ?? TIMEOUT_SECONDS,
    vendorLibraries: config.vendorLibraries ?? [],
    shellArgs: [...shellArgs, ...(config.engine === undefined ? [] : ['--engine', config.engine])],
  };
}
