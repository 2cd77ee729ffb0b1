import { resolve } from 'node:path';
import { findOutFile } from '../config/find-out-file.ts';
import { loadConfig } from '../config/load-config.ts';
import { DEFAULT_OUT } from '../config/resolve-config.ts';
import type { CliArgs } from '../config/types.ts';
import { SlimError } from '../errors.ts';
import { exists } from '../util/fs.ts';
import type { Io } from './io.ts';
import { toModelPath } from './model-path.ts';

/** An artifact, and the variables that the config gives its function; none where the artifact was named by its path. */
export interface ChosenArtifact {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The artifact that is named, or the one that build wrote. Throws `NOT_BUILT`, `USAGE`, and what the config throws. */
export async function chooseArtifact(
  artifact: string | undefined,
  args: CliArgs,
  io: Io,
  command: string,
): Promise<ChosenArtifact> {
  // Of a variable that is not set; it would be the current folder.
  if (artifact === '')
    throw new SlimError('USAGE', ['The artifact has no name', `lambda-slim ${command}`, null]);
  if (artifact !== undefined) return { path: resolve(io.cwd, artifact), environment: {} };
  const found = await findBuilt(args, io, command);
  await checkBuilt(found.path, command);
  return found;
}

/** Throws `NOT_BUILT` for the path of an artifact that is not there yet, `USAGE` where a model archive is there in its place. */
export async function checkBuilt(path: string, command: string): Promise<void> {
  if (await exists(path)) return;
  const model = toModelPath(path);
  if (!(await exists(model))) throw new SlimError('NOT_BUILT', [path]);
  const problem = `${model} is for SageMaker, whose container runs it; a zip for Lambda is there once it is built with --target zip`;
  throw new SlimError('USAGE', [problem, `lambda-slim ${command}`, null]);
}

/** The artifact that build wrote for the one function that the config, or --function, names; without a config, the default one. */
async function findBuilt(args: CliArgs, io: Io, command: string): Promise<ChosenArtifact> {
  const config = await loadConfig(io.cwd, args, io.env).catch((error: unknown) => {
    // `build src/handler.ts` needs no config and writes here.
    if (error instanceof SlimError && error.code === 'NO_FUNCTION') return null;
    throw error;
  });
  if (!config) return { path: resolve(io.cwd, args.out ?? DEFAULT_OUT, 'function.zip'), environment: {} };
  const [fn, ...others] = config.functions;
  if (fn && others.length === 0) return { path: findOutFile(config, fn), environment: fn.environment };
  const names = config.functions.map(({ name }) => name).join(', ');
  throw new SlimError('USAGE', [
    `Choose one function with --function: ${names}`,
    `lambda-slim ${command}`,
    null,
  ]);
}
