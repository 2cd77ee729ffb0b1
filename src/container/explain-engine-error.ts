import { SlimError } from '../errors.ts';
import type { EngineName } from './types.ts';

const DENIED =
  /permission denied[^\n]*(?:sock|connect|daemon)|(?:sock|connect|daemon)[^\n]*permission denied/i;

/** How Docker, Podman and Finch (nerdctl in a machine of Lima) say that nobody listens. */
const DOWN =
  /cannot connect to (?:the docker daemon|podman)|is the docker daemon running|error during connect|connection refused|unable to connect to podman|podman machine (?:init|start)|no such host|i\/o timeout|context deadline exceeded|instance "?finch"? (?:does not exist|is not running)|finch vm (?:init|start)|cannot access containerd socket/i;

/** How engines say that there is no such network, and that there are not as many CPUs. */
const REFUSED = {
  network: /network \S+ not found|unable to find network|no network found|network not found/i,
  cpus: /range of CPUs is from/i,
} as const;

/** Of the disk of the engine, or of this machine. */
export function isNoSpace(output: string): boolean {
  return /no space left on device|disk quota exceeded|\bENOSPC\b/i.test(output);
}

/** Turns the failure of a command of an engine into what a person can act on; other errors are given back as they are. */
export function explainEngineError(engine: EngineName, task: string, error: unknown): unknown {
  if (!(error instanceof SlimError) || error.code !== 'COMMAND_FAILED') return error;
  return explainOutput(engine, task, outputOf(error), { cause: error });
}

/** The same by what the engine's program printed. */
export function explainOutput(
  engine: EngineName,
  task: string,
  output: string,
  options?: { readonly cause: unknown },
): SlimError {
  if (DENIED.test(output)) return new SlimError('CONTAINER_ENGINE_DENIED', [engine, output], options);
  if (DOWN.test(output)) return new SlimError('CONTAINER_ENGINE_DOWN', [engine, output], options);
  if (isNoSpace(output)) return new SlimError('CONTAINER_NO_SPACE', [task, output], options);
  for (const option of ['network', 'cpus'] as const)
    if (REFUSED[option].test(output))
      return new SlimError('CONTAINER_OPTION_REFUSED', [engine, option, output], options);
  return new SlimError('CONTAINER_FAILED', [engine, task, output], options);
}

/** What the command behind an error printed to its standard error, without the way to its help. */
export function outputOf(error: Error): string {
  const { cause } = error;
  if (cause instanceof SlimError) return outputOf(cause);
  const stderr = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : '';
  const lines = stderr
    .split('\n')
    .filter(line => line.trim() !== '' && !/^See '.*--help'|^Run '.*--help'/.test(line));
  return lines.join('\n') || error.message;
}
