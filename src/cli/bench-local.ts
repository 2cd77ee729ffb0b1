import { mkdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { LocalContender } from '../cold-start/measure-local.ts';
import type { PageCache } from '../cold-start/page-cache.ts';
import type { BenchReport, BenchSubject, CacheState } from '../cold-start/types.ts';
import { loadConfig } from '../config/load-config.ts';
import type { CliArgs } from '../config/types.ts';
import { SlimError } from '../errors.ts';
import type { Context, ResolvedFunction } from '../types.ts';
import type { BenchArgs, BenchPlan } from './bench-options.ts';
import { chooseArtifact } from './choose-artifact.ts';
import type { Io } from './io.ts';
import { type LocalArgs, withLocal } from './with-local.ts';

/** Something to be measured: where it lies, and with which settings it is run. */
interface Candidate {
  readonly name: string;
  readonly kind: 'artifact' | 'original';
  readonly path: string;
  readonly args: LocalArgs;
}

type Measured = Pick<BenchReport, 'series' | 'pageCache'>;

/** Measures artifacts on this machine, the original first where it was asked for. */
export async function benchLocal(
  args: BenchArgs,
  plan: BenchPlan,
  context: Context,
  io: Io,
): Promise<Measured> {
  const { measureLocal } = await import('../cold-start/measure-local.ts');
  const { caches, drop, report } = await choosePageCache(args['page-cache'] ?? 'warm', context);
  const candidates = await findCandidates(args, context, io);
  context.progress.start('Measuring', candidates.length * caches.length * plan.rounds);
  const series = await withContenders(candidates, io, contenders =>
    measureLocal(contenders, {
      ...plan,
      caches,
      drop,
      signal: context.signal,
      onStart: () => context.progress.tick(1),
    }),
  );
  context.progress.done();
  return { series, pageCache: report };
}

/** In which states starts are measured: from disk only where files can be dropped, which is an error where nothing else was asked for. */
async function choosePageCache(
  wanted: CacheState | 'both',
  context: Context,
): Promise<PageCache & { readonly caches: readonly CacheState[] }> {
  if (wanted === 'warm') return { caches: ['warm'], report: { kind: 'kept' }, drop: async () => {} };
  const { findPageCache } = await import('../cold-start/page-cache.ts');
  const cache = await findPageCache(context);
  if (cache.report.kind === 'dropped')
    return { ...cache, caches: wanted === 'cold' ? ['cold'] : ['warm', 'cold'] };
  // It tells the reason.
  if (wanted === 'cold') await cache.drop([]);
  return { ...cache, caches: ['warm'] };
}

async function findCandidates(args: BenchArgs, context: Context, io: Io): Promise<readonly Candidate[]> {
  const chosen: CliArgs = {
    config: args.config,
    out: args.out,
    function: args['config-function'] === undefined ? undefined : [args['config-function']],
  };
  const given = args.artifact ?? [];
  const named = given.map(path => ({ path: resolve(io.cwd, path), environment: {} }));
  const found = named.length > 0 ? named : [await chooseArtifact(undefined, chosen, io, 'bench')];
  const paths = found.map(({ path }) => path);
  const fn = args.original ? await findFunction(chosen, io) : null;
  // What the config says holds for all of them, so that they differ in nothing but their files.
  const local: LocalArgs = fn
    ? { ...args, ...toLocalArgs(fn, args) }
    : { ...args, env: { ...found[0]?.environment, ...args.env } };
  const artifacts = paths.map((path, i) => ({
    name: given[i] ?? relative(io.cwd, path),
    kind: 'artifact' as const,
    path,
    args: local,
  }));
  return nameApart(fn ? [await prepare(fn, local, context), ...artifacts] : artifacts);
}

/** The same artifact twice shows how much is noise, and has to be told apart in the tables. */
function nameApart(candidates: readonly Candidate[]): readonly Candidate[] {
  const names = candidates.map(({ name }) => name);
  return candidates.map((candidate, index) => {
    const earlier = names.slice(0, index).filter(name => name === candidate.name).length;
    return earlier === 0 ? candidate : { ...candidate, name: `${candidate.name} (${earlier + 1})` };
  });
}

async function findFunction(chosen: CliArgs, io: Io): Promise<ResolvedFunction> {
  const { functions } = await loadConfig(io.cwd, chosen, io.env);
  const [fn, ...others] = functions;
  if (fn && others.length === 0) return fn;
  const names = functions.map(({ name }) => name).join(', ');
  throw new SlimError('USAGE', [
    `Choose the original with --config-function: ${names}`,
    'lambda-slim bench',
    null,
  ]);
}

async function prepare(fn: ResolvedFunction, args: LocalArgs, context: Context): Promise<Candidate> {
  const { prepareOriginal } = await import('../prepare-original.ts');
  const path = join(context.workDir, 'original');
  await mkdir(path);
  const { handler } = await prepareOriginal(fn, path, context);
  return { name: 'original', kind: 'original', path, args: { ...args, handler } };
}

function toLocalArgs(fn: ResolvedFunction, args: BenchArgs): Partial<LocalArgs> {
  return {
    runtime: args.runtime ?? fn.platform.runtime.id,
    memory: args.memory ?? fn.memoryMiB,
    timeout: args.timeout ?? fn.timeoutMs / 1000,
    tmp: args.tmp ?? fn.tmpMiB,
    env: { ...fn.environment, ...args.env },
  };
}

/** Opens them all at once, since they take turns; what they print is nobody's concern here. */
function withContenders<T>(
  candidates: readonly Candidate[],
  io: Io,
  use: (contenders: readonly LocalContender[]) => Promise<T>,
  opened: readonly LocalContender[] = [],
): Promise<T> {
  const [next, ...rest] = candidates;
  if (!next) return use(opened);
  const quiet: Io = { ...io, stderr: { write: () => true } };
  return withLocal(next.path, next.args, quiet, async (fn, { code, layers, mount }) => {
    const folders = [code, ...layers, ...(mount ? [mount.folder] : [])];
    const subject = { ...(await describe(next, code)), isolation: fn.isolation };
    return withContenders(rest, io, use, [...opened, { subject, fn, folders }]);
  });
}

async function describe(
  { name, kind, path }: Candidate,
  code: string,
): Promise<Omit<BenchSubject, 'isolation'>> {
  const { measureFolder } = await import('../cold-start/measure-folder.ts');
  const found = await stat(path);
  return {
    name,
    kind,
    zippedBytes: found.isFile() ? found.size : null,
    unzippedBytes: await measureFolder(code),
  };
}
