import { dirname, join, resolve } from 'node:path';
import { buildFunction } from '../build-function.ts';
import type { ArtifactCheck } from '../check/check-artifact.ts';
import { namesEntry } from '../config/find-entry.ts';
import { findOutFile } from '../config/find-out-file.ts';
import { loadConfig } from '../config/load-config.ts';
import { resolvePlatform } from '../config/resolve-platform.ts';
import type { CliArgs } from '../config/types.ts';
import { SlimError } from '../errors.ts';
import type { Finding } from '../findings.ts';
import { readManifestFacts } from '../lambda/read-manifest-facts.ts';
import { limits } from '../platform/limits.ts';
import type { PublishSubject } from '../publish/resolve-settings.ts';
import type { Package, PublishWishes } from '../publish-types.ts';
import type { Context, ResolvedFunction, ZipFacts } from '../types.ts';
import type { Io } from './io.ts';

/** What is to be published, and what was found in it. */
export interface Chosen {
  readonly artifact: Package;
  readonly subject: PublishSubject;
  readonly findings: readonly Finding[];
  /** What was left to a file system: its folder, absolute, and the variables that lead there. */
  readonly bundle: { readonly path: string; readonly environment: Readonly<Record<string, string>> } | null;
}

export type ChooseArgs = CliArgs & { readonly handler?: string | undefined };

const NO_WISHES: PublishWishes = { config: {}, memoryMiB: null, timeoutSeconds: null, tmpMiB: null };

/** A zip that is named, whoever made it; else the one function of the config, or an entry, built if anything changed since. */
export async function chooseSubject(
  path: string | undefined,
  args: ChooseArgs,
  context: Context,
  io: Io,
): Promise<Chosen> {
  if (path !== undefined && !(await namesEntry(io.cwd, path)))
    return openZip(resolve(io.cwd, path), args, context);
  const config = await loadConfig(io.cwd, { ...args, entry: path }, io.env);
  const [fn, ...others] = config.functions;
  if (fn === undefined || others.length > 0) {
    const names = config.functions.map(({ name }) => name).join(', ');
    throw new SlimError('USAGE', [
      `Choose one function with --function: ${names}`,
      'lambda-slim publish',
      null,
    ]);
  }
  return buildOne(fn, findOutFile(config, fn), args, context);
}

/** The function of the config that is meant, for what needs no artifact. */
export async function findWishes(args: ChooseArgs, io: Io): Promise<PublishWishes> {
  const config = await loadConfig(io.cwd, args, io.env).catch((error: unknown) => {
    if (error instanceof SlimError && error.code === 'NO_FUNCTION') return null;
    throw error;
  });
  const [fn, ...others] = config?.functions ?? [];
  return fn && others.length === 0 ? fn.publish : NO_WISHES;
}

async function buildOne(
  fn: ResolvedFunction,
  outFile: string,
  args: ChooseArgs,
  context: Context,
): Promise<Chosen> {
  const built = await buildFunction(fn, outFile, context);
  if (built.artifact === null) throw new Error('a build gives an artifact');
  const { runtime, arch } = built.platform;
  const subject = {
    handler: args.handler ?? built.handler,
    runtime: runtime.id,
    arch,
    environment: fn.environment,
    wishes: fn.publish,
  };
  const { efs } = built;
  const bundle = efs?.bundle ? { path: efs.bundle.path, environment: efs.environment } : null;
  return { artifact: toPackage(built.artifact), subject, findings: built.findings, bundle };
}

async function openZip(path: string, args: ChooseArgs, { signal }: Context): Promise<Chosen> {
  const facts = await readManifestFacts(path);
  const { handler = facts.handler, runtime = facts.runtime, arch = facts.arch } = args;
  const platform = runtime !== undefined && arch !== undefined ? resolvePlatform(runtime, arch) : null;
  const { checkArtifact } = await import('../check/check-artifact.ts');
  const tmpMiB = args.tmp ?? facts.tmpMiB ?? limits.tmpMinMiB;
  const checked = await checkArtifact(path, { platform, layers: [], tmpMiB, signal });
  const artifact = toPackage(toZip(path, checked));
  if (handler === undefined || platform === null) throw lacking({ handler, runtime, arch });
  const subject = { handler, runtime: platform.runtime.id, arch: platform.arch };
  return {
    artifact,
    subject: { ...subject, environment: {}, wishes: NO_WISHES },
    findings: checked.findings,
    bundle: facts.efs
      ? { path: join(dirname(path), facts.efs.bundle.folder), environment: facts.efs.environment }
      : null,
  };
}

/** Nothing is guessed of a zip without a manifest: a function that is there would be changed to it. */
function lacking(facts: Readonly<Record<'handler' | 'runtime' | 'arch', string | undefined>>): SlimError {
  const missing = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [`--${name}`] : [],
  );
  const names = new Intl.ListFormat('en').format(missing);
  const have = missing.length > 1 ? 'have' : 'has';
  const problem = `No manifest beside the zip says it, so ${names} ${have} to be given`;
  return new SlimError('USAGE', [problem, 'lambda-slim publish', null]);
}

/** A folder has no bytes to send. Throws `NOT_A_ZIP`. */
function toZip(path: string, { artifact }: ArtifactCheck): ZipFacts {
  if (artifact.zippedBytes === null || artifact.sha256 === null || artifact.codeSha256 === null)
    throw new SlimError('NOT_A_ZIP', [path, 'it is a folder; zip it, or let lambda-slim build it']);
  const { zippedBytes, sha256, codeSha256 } = artifact;
  return { ...artifact, zippedBytes, sha256, codeSha256 };
}

/** The facts of a zip that is to be sent. */
export function toPackage({ path, sha256, codeSha256, zippedBytes, unzippedBytes }: ZipFacts): Package {
  return { path, sha256, codeSha256, zippedBytes, unzippedBytes };
}
