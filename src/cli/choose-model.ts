import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  type BuiltModel,
  buildModelOfFolder,
  buildModelOfFunction,
  openModelArchive,
} from '../build-sagemaker.ts';
import { findOutFile } from '../config/find-out-file.ts';
import { loadConfig } from '../config/load-config.ts';
import { DEFAULT_OUT } from '../config/resolve-config.ts';
import type { CliArgs } from '../config/types.ts';
import { SlimError } from '../errors.ts';
import type { PublishConfig } from '../publish-types.ts';
import type { Context, ResolvedFunction } from '../types.ts';
import { orNull } from '../util/fs.ts';
import type { Io } from './io.ts';
import { toModelPath } from './model-path.ts';
import { type SagemakerBuildArgs, toServingOptions } from './sagemaker-options.ts';

export type ChooseModelArgs = CliArgs & SagemakerBuildArgs;

/** A model archive that is there, with what the config says of publishing it. */
export interface ChosenModel {
  readonly built: BuiltModel;
  readonly config: PublishConfig;
  readonly environment: Readonly<Record<string, string>>;
}

const NOTHING = { config: {}, environment: {} } as const;

/**
 * The archive of what is named: a model folder, an archive that is there, or an entry; without a name, of the one function of the
 * config, or that `--function` names.
 */
export async function chooseModel(
  path: string | undefined,
  args: ChooseModelArgs,
  context: Context,
  io: Io,
): Promise<ChosenModel> {
  const named = path === undefined ? null : await openNamed(resolve(io.cwd, path), args, context, io);
  if (named) return { built: named, ...NOTHING };
  const config = await loadConfig(io.cwd, { ...args, entry: path }, io.env);
  const [fn, ...others] = config.functions;
  if (fn === undefined || others.length > 0) {
    const names = config.functions.map(({ name }) => name).join(', ');
    const problem = `Choose one function with --function: ${names}`;
    throw new SlimError('USAGE', [problem, 'lambda-slim publish', null]);
  }
  const built = await buildServed(fn, findOutFile(config, fn), args, context);
  return { built, config: fn.publish.config, environment: fn.environment };
}

/** The archive of one function; `outFile` is where its zip would be. */
export function buildServed(
  fn: ResolvedFunction,
  outFile: string,
  args: SagemakerBuildArgs,
  context: Context,
): Promise<BuiltModel> {
  const options = toServingOptions(args, fn.publish.config.sagemaker ?? {});
  return buildModelOfFunction(fn, options, toModelPath(outFile), context);
}

/** What a path is, by its name where that says it. Throws `SAGEMAKER_ARCHIVE` for what is of no use here. */
export async function tellKind(path: string): Promise<'archive' | 'folder' | 'entry'> {
  if ((await orNull(stat(path)))?.isDirectory()) return 'folder';
  if (/\.(?:tar\.gz|tgz)$/.test(path)) return 'archive';
  const refuse = (reason: string) => new SlimError('SAGEMAKER_ARCHIVE', [path, reason]);
  if (/\.(?:zip|jar|tar|tar\.\w+|tbz2?|txz)$/i.test(path))
    throw refuse('SageMaker takes .tar.gz and nothing else');
  if (/\.(?:pt|pth|pb)$/i.test(path)) throw refuse('it is one file of a model');
  return 'entry';
}

/** What needs no config: null for an entry. Throws `SAGEMAKER_ARCHIVE` for other archives, and for one file of a model. */
export async function openNamed(
  path: string,
  args: ChooseModelArgs,
  context: Context,
  { cwd }: Pick<Io, 'cwd'>,
): Promise<BuiltModel | null> {
  const options = toServingOptions(args, {});
  const kind = await tellKind(path);
  if (kind === 'archive') return openModelArchive(path, basename(path), options, context);
  if (kind === 'entry') return null;
  const name = basename(path);
  const outFile = join(resolve(cwd, args.out ?? DEFAULT_OUT), `${name}.zip`);
  return buildModelOfFolder(path, name, options, toModelPath(outFile), context);
}
