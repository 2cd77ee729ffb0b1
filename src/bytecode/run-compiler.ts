import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../types.ts';
import { exec } from '../util/exec.ts';
import { readOwnManifest } from '../util/own-manifest.ts';
import type { Compiler } from './find-compiler.ts';

/** Whether Python compares the hash of the source on each import. */
export type HashKind = 'checked' | 'unchecked';

export interface CompileRequest {
  readonly compiler: Compiler;
  readonly kind: HashKind;
}

/** A source, the name that its code has, and the file that takes the bytecode. Paths are absolute. */
export interface CompileJob {
  readonly source: string;
  readonly name: string;
  readonly target: string;
}

const SCRIPT = join('src', 'bytecode', 'compile_sources.py');

/** With fewer, starting a process costs more than it saves. */
const LEAST_JOBS = 64;

/** Isolated from the settings of the host. */
const FLAGS = ['-I', '-S', '-B', '-W', 'ignore', '-X', 'utf8'];

/**
 * Compiles with at most one process a core. What does not compile has no target afterwards. Throws `COMMAND_FAILED` and
 * `CANCELLED`.
 */
export async function runCompiler(
  { compiler, kind }: CompileRequest,
  jobs: readonly CompileJob[],
  { signal }: Pick<Context, 'signal'>,
  dir: string,
): Promise<void> {
  const processes = Math.min(availableParallelism(), Math.ceil(jobs.length / LEAST_JOBS));
  const script = join(readOwnManifest().root, SCRIPT);
  const run = async (part: number): Promise<void> => {
    const list = join(dir, `jobs-${part}.json`);
    const own = jobs.filter((_, index) => index % processes === part);
    await writeFile(list, JSON.stringify(own.map(({ source, name, target }) => [source, name, target])));
    await exec(compiler.path, [...FLAGS, script, list, kind], { cwd: dir, signal });
  };
  const running = await Promise.allSettled(Array.from({ length: processes }, (_, part) => run(part)));
  for (const each of running) if (each.status === 'rejected') throw each.reason;
}
