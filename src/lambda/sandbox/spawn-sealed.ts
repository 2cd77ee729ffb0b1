import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { errnoOf } from '../../util/fs.ts';

type Slot = 'ignore' | 'pipe' | number;

export interface SealedOptions extends Omit<SpawnOptions, 'stdio'> {
  readonly stdio: readonly Slot[];
}

/**
 * Starts a program with the files of `stdio` alone. Node.js also leaves open in it what our own process was started with, such as
 * the file of a shell's `exec 30<file`; of those it gets the null device instead.
 */
export function spawnSealed(file: string, args: readonly string[], options: SealedOptions): ChildProcess {
  const nothing = openSync(devNull, 'r');
  try {
    const stdio: Slot[] = [...options.stdio];
    for (const fd of listInherited()) {
      while (stdio.length < fd) stdio.push('ignore');
      if (fd >= options.stdio.length) stdio[fd] = nothing;
    }
    return spawn(file, args, { ...options, stdio });
  } finally {
    closeSync(nothing);
  }
}

/** Open files that a child process would get. On macOS and Windows, it gets none but those that it is given. */
function listInherited(): readonly number[] {
  if (process.platform !== 'linux') return [];
  const fds = readdirSync('/proc/self/fd').map(Number);
  return fds.filter(isInherited).sort((a, b) => a - b);
}

const O_CLOEXEC = 0o2000000;

function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return (Number.parseInt(flags ?? '0', 8) & O_CLOEXEC) === 0;
  } catch (error) {
    // The list itself was such a file.
    return errnoOf(error) !== 'ENOENT';
  }
}
