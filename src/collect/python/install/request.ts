import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context, Platform } from '../../../types.ts';
import type { PythonProject, Requirement } from '../project/types.ts';

/** All that an attempt to install needs to know. */
export interface InstallRequest {
  readonly project: PythonProject;
  /** Those of the project, each with its wheel where it was built. */
  readonly requirements: readonly Requirement[];
  readonly platform: Platform;
  readonly context: Context;
  /** The empty folder to install into. */
  readonly target: string;
  /** A folder for what is needed on the way. */
  readonly workDir: string;
}

/** Where the files for pip or uv were written. */
export interface RequestFiles {
  readonly requirements: string;
  /** Null without constraints. */
  readonly constraints: string | null;
  /** Where to look, and nothing to install. */
  readonly options: string;
}

/** True where some requirement has hashes: then pip wants them of every one. */
export function hasHashes(requirements: readonly Requirement[]): boolean {
  return requirements.some(({ hashes }) => hashes.length > 0);
}

/** A requirement as a line of pip's format. */
export function toLine({ text, hashes }: Requirement): string {
  return [text, ...hashes.map(hash => `--hash=${hash}`)].join(' ');
}

/** Writes what is to be installed into the work folder. */
export async function writeRequest({
  project,
  requirements,
  workDir,
}: InstallRequest): Promise<RequestFiles> {
  const write = async (name: string, lines: readonly string[]): Promise<string> => {
    const path = join(workDir, name);
    await writeFile(path, lines.map(line => `${line}\n`).join(''));
    return path;
  };
  return {
    requirements: await write('requirements.txt', [...project.options, ...requirements.map(toLine)]),
    constraints: project.constraints.length > 0 ? await write('constraints.txt', project.constraints) : null,
    options: await write(
      'options.txt',
      project.options.filter(line => line !== '--require-hashes'),
    ),
  };
}
