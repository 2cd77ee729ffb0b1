import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AccountLimits } from '../check/check-settings.ts';
import type { CheckOutput, CheckSubject } from '../check/subject.ts';
import { SlimError } from '../errors.ts';
import { type ManifestFacts, readManifestFacts } from '../lambda/read-manifest-facts.ts';
import { limits } from '../platform/limits.ts';
import { findRuntime } from '../platform/runtimes.ts';
import type { CheckArgs } from './check-options.ts';
import { chooseArtifact } from './choose-artifact.ts';
import type { Io } from './io.ts';

/** What is to be judged: one function, or all of an output folder. */
export type Chosen =
  | { readonly kind: 'one'; readonly subject: CheckSubject }
  | { readonly kind: 'output'; readonly path: string; readonly output: CheckOutput };

/** Finds what is meant; a deployed function is downloaded into `workDir`. Throws `USAGE`, and what looking for it throws. */
export async function chooseSubjects(
  args: CheckArgs,
  io: Io,
  signal: AbortSignal,
  workDir: string,
): Promise<Chosen> {
  const name = args['function-name'];
  if (name !== undefined) return { kind: 'one', subject: await download(name, args, io, signal, workDir) };
  const chosen = await chooseArtifact(args.artifact, args, io, 'check');
  const output = await findOutputAt(chosen.path);
  if (output) {
    refuseForOutput(args);
    return { kind: 'output', path: chosen.path, output };
  }
  return { kind: 'one', subject: await toSubject(chosen.path, chosen.environment, args, io) };
}

async function findOutputAt(path: string): Promise<CheckOutput | null> {
  const stats = await stat(path).catch(() => null);
  if (!stats?.isDirectory()) return null;
  const { findOutput } = await import('../check/outputs/find-output.ts');
  return findOutput(path);
}

/** What a template says of each function, a command line cannot say of all. */
function refuseForOutput(args: CheckArgs): void {
  const given = (['layer', 'handler', 'tmp', 'runtime', 'arch'] as const).find(
    name => args[name] !== undefined,
  );
  if (given) throw usage(`The folder's template says what --${given} would; check one zip or folder of it`);
}

async function toSubject(
  path: string,
  environment: Readonly<Record<string, string>>,
  args: CheckArgs,
  io: Io,
): Promise<CheckSubject> {
  const { measureEnvironment } = await import('../check/check-settings.ts');
  const isAsked = args.runtime !== undefined && args.arch !== undefined;
  const facts: ManifestFacts = isAsked ? {} : await readManifestFacts(path);
  const { runtime = facts.runtime, arch = facts.arch, handler = facts.handler } = args;
  if (runtime !== undefined) findRuntime(runtime);
  const { resolvePlatform } = await import('../config/resolve-platform.ts');
  const platform = runtime === undefined && arch === undefined ? null : resolvePlatform(runtime, arch);
  const isSet = Object.keys(environment).length > 0;
  return {
    name: null,
    path,
    layers: (args.layer ?? []).map(layer => resolve(io.cwd, layer)),
    runtime: platform?.runtime.id ?? null,
    arch: platform?.arch ?? null,
    handler: handler ?? null,
    tmpMiB: args.tmp ?? facts.tmpMiB ?? null,
    environmentBytes: isSet ? measureEnvironment(environment) : null,
    findings: [],
  };
}

async function download(
  name: string,
  args: CheckArgs,
  io: Io,
  signal: AbortSignal,
  workDir: string,
): Promise<CheckSubject> {
  const other = args.artifact ?? args.layer?.[0];
  if (other !== undefined)
    throw usage(`--function-name judges what is deployed, so ${other} cannot be given as well`);
  const { openPatientLambda } = await import('../aws/lambda/open-lambda.ts');
  const { downloadFunction } = await import('../check/deployed/download-function.ts');
  const lambda = await openPatientLambda(io.env, { signal });
  const subject = await downloadFunction(lambda, name, workDir);
  const { runtime, arch, handler, tmp } = args;
  return {
    ...subject,
    runtime: runtime ?? subject.runtime,
    arch: arch === undefined ? subject.arch : arch === 'x86_64' ? 'x64' : arch,
    handler: handler ?? subject.handler,
    tmpMiB: tmp ?? subject.tmpMiB,
  };
}

/** The account's own limits, where they are asked for. */
export async function readAccount(
  args: CheckArgs,
  io: Io,
  signal: AbortSignal,
): Promise<AccountLimits | null> {
  if (!args.account) return null;
  const { openPatientLambda } = await import('../aws/lambda/open-lambda.ts');
  const { readAccountSettings } = await import('../aws/lambda/read-account.ts');
  const { call } = await openPatientLambda(io.env, { signal });
  const { zippedBytes, unzippedBytes, storageBytes, usedStorageBytes } = await readAccountSettings(call);
  const storage = storageBytes ?? Number.POSITIVE_INFINITY;
  return {
    zippedBytes: zippedBytes ?? limits.zippedBytes,
    unzippedBytes: unzippedBytes ?? limits.unzippedBytes,
    storageBytes: storage,
    freeStorageBytes: storage - usedStorageBytes,
  };
}

function usage(problem: string): SlimError {
  return new SlimError('USAGE', [problem, 'lambda-slim check', null]);
}
