import { SlimError } from '../errors.ts';
import type { Context } from '../types.ts';
import { asRoot } from './as-root.ts';
import { type ContainerRun, PLACES } from './build-types.ts';
import { listAddressSecrets } from './credentials/addresses.ts';
import { type ExecEnd, type ExecRequest, execIn } from './exec-in.ts';
import { findEngine } from './find-engine.ts';
import { findImage, type Image } from './find-image.ts';
import { installPackages } from './install-packages.ts';
import { listBuildArgs } from './list-build-args.ts';
import { makeMask } from './mask.ts';
import { makeOwnName, OWN_LABELS, removeContainer, removeLeftovers, removeVolume } from './owner-labels.ts';
import { putSecrets } from './put-secrets.ts';
import { startGuard } from './start-guard.ts';
import { chooseVariables, listSecretValues, openVariables } from './step-environment.ts';
import type { Engine } from './types.ts';
import { fillVolume, makeVolume, nameScratch, openScratch, removeOldScratches } from './volumes.ts';

/** A container that is ready to install in. */
export interface Build {
  readonly engine: Engine;
  readonly container: string;
  readonly image: Image;
  /** As whom steps run: `1000:1000`. */
  readonly user: string;
  /** Variables of the steps that get credentials. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables of those that do not. */
  readonly openEnv: Readonly<Record<string, string>>;
  readonly mask: (line: string) => string;
  /** How much memory there is, in words. */
  readonly memory: string;
  /** Aborted when the user wants to stop, or the time is over. */
  readonly signal: AbortSignal;
  exec(request: ExecRequest): Promise<ExecEnd>;
}

export type Surroundings = Omit<ContainerRun, 'steps' | 'results'>;

/** Opens a container for `use`; it and its volumes, the scratch aside, are gone afterwards in every case. Throws the codes `CONTAINER_…`, `CANCELLED`. */
export async function withBuild<T>(
  run: Surroundings,
  context: Context,
  use: (build: Build) => Promise<T>,
): Promise<T> {
  const { options } = run;
  const engine = await findEngine({ env: context.env, signal: context.signal, engine: options.engine });
  // What cannot be taken away now is in nobody's way, and is tried again next time.
  await removeLeftovers(engine).catch(() => {});
  await removeOldScratches(engine).catch(() => {});
  const image = await findImage(engine, run.image, run.arch, {
    onNote: text => context.progress.say?.(`container | ${text.trim()}`),
    signal: context.signal,
  });
  const bound = AbortSignal.timeout(options.timeoutSeconds * 1000);
  const signal = AbortSignal.any([context.signal, bound]);
  const container = makeOwnName();
  let sources: string | null = null;
  try {
    sources = await makeVolume(engine);
    return await use(await open(run, context, { engine, image, container, sources, signal }));
  } catch (error) {
    if (context.signal.aborted) throw new SlimError('CANCELLED', [], { cause: error });
    if (bound.aborted) throw new SlimError('CONTAINER_TIMEOUT', [options.timeoutSeconds], { cause: error });
    throw error;
  } finally {
    await removeContainer(engine, container);
    if (sources !== null) await removeVolume(engine, sources);
  }
}

interface Parts extends Pick<Build, 'engine' | 'container' | 'image' | 'signal'> {
  /** Name of the volume. */
  readonly sources: string;
}

async function open(run: Surroundings, context: Context, parts: Parts): Promise<Build> {
  const { engine, image, container, sources, signal } = parts;
  const { options, credentials } = run;
  const user = findUser(engine);
  const scratch = await chooseScratch(run, context, parts, user);
  const plan = { name: container, labels: OWN_LABELS, image, options, sources, scratch };
  await engine.run('make the container', listBuildArgs(plan));
  signal.throwIfAborted();
  await startGuard(engine, container, image, signal);
  if (run.sources !== null) await fillVolume(engine, image, sources, run.sources, signal);
  const variables = chooseVariables(context.env, options.environment);
  const build: Build = {
    ...{ engine, container, image, user, signal },
    env: { ...variables, ...run.env, ...credentials.env, HOME: PLACES.home },
    openEnv: { ...openVariables(variables, options), ...run.env, ...credentials.open.env, HOME: PLACES.home },
    memory:
      options.memoryMiB === null
        ? "the engine's machine has no more"
        : `the limit is ${options.memoryMiB} MiB`,
    mask: makeMask([
      ...credentials.masked,
      ...listAddressSecrets(Object.values(variables).join('\n')),
      ...listSecretValues(variables),
    ]),
    exec: request => execIn(engine, container, { signal, ...request }, context.workDir),
  };
  await makePlaces(build);
  await installPackages(build, options.packages, variables, context);
  await putSecrets(build, credentials.secrets);
  return build;
}

/** Root where root in the container is us; where users have no numbers, the first one of Linux. */
function findUser({ rootless }: Engine): string {
  if (rootless) return '0:0';
  return process.getuid && process.getgid ? `${process.getuid()}:${process.getgid()}` : '1000:1000';
}

/** Without a cache, what earlier runs kept goes, too. */
async function chooseScratch(
  { scratchKey }: Surroundings,
  { cacheDir }: Context,
  { engine, image }: Parts,
  user: string,
): Promise<string | null> {
  if (scratchKey === null) return null;
  const name = nameScratch(scratchKey, image, user);
  if (cacheDir === null) await removeVolume(engine, name);
  else await openScratch(engine, name);
  return cacheDir === null ? null : name;
}

/** Constant, since what differs comes as its arguments. */
const MAKE_PLACES = `user=$1; shift
mkdir -p "$@" && chown "$user" "$@" && chmod 0755 "$@"`;

async function makePlaces(build: Build): Promise<void> {
  const { work, out, scratch } = PLACES;
  await asRoot(build, 'make folders', ['/bin/sh', '-c', MAKE_PLACES, 'sh', build.user, work, out, scratch]);
}
