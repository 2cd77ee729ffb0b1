import { SlimError } from '../errors.ts';
import { exec } from '../util/exec.ts';
import { describeEngine } from './describe-engine.ts';
import { explainEngineError } from './explain-engine-error.ts';
import { ENGINES, type Engine, type EngineName } from './types.ts';

export interface FindEngineOptions {
  /** `PATH`, `HOME`, `DOCKER_HOST` and the like. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Null, or nothing, takes the first that answers. */
  readonly engine?: EngineName | null;
}

/** More than starting a sleeping machine takes, ms. */
const ANSWER_MS = 60_000;

/**
 * Finds an engine that answers: the one asked for, or Docker, Podman or Finch, in this order. Throws `CONTAINER_ENGINE_MISSING`, or why the first one
 * that is installed does not answer: `CONTAINER_ENGINE_DOWN`, `CONTAINER_ENGINE_DENIED`, `CONTAINER_FAILED`.
 */
export async function findEngine(options: FindEngineOptions): Promise<Engine> {
  let failure: unknown = null;
  const names = options.engine ? [options.engine] : ENGINES;
  for (const name of names) {
    try {
      return await openEngine(name, options);
    } catch (error) {
      if (error instanceof SlimError && error.code === 'CANCELLED') throw error;
      if (!(error instanceof SlimError && error.code === 'TOOL_MISSING')) failure ??= error;
    }
  }
  throw failure ?? new SlimError('CONTAINER_ENGINE_MISSING', [names]);
}

async function openEngine(name: EngineName, { env, signal }: FindEngineOptions): Promise<Engine> {
  const run: Engine['run'] = async (task, args, aborted, more) => {
    const options = { cwd: '.', env: { ...env, ...more }, ...(aborted ? { signal: aborted } : {}) };
    try {
      return (await exec(name, args, options)).stdout;
    } catch (error) {
      throw explainEngineError(name, task, error);
    }
  };
  const answer = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  const format = name === 'podman' ? 'json' : '{{json .}}';
  const info = await run('tell about itself', ['info', '--format', format], answer).catch(
    (error: unknown) => {
      if (!signal.aborted && answer.aborted)
        throw new SlimError('CONTAINER_ENGINE_DOWN', [name, `no answer within ${ANSWER_MS / 1000} s`]);
      throw error;
    },
  );
  const { place, rootless, failure } = describeEngine(
    name,
    info,
    await findEndpoint(name, run, env),
    process.platform,
  );
  if (failure !== null) throw new SlimError('CONTAINER_ENGINE_DOWN', [name, failure]);
  return { name, place, rootless, env, run };
}

async function findEndpoint(
  name: EngineName,
  run: Engine['run'],
  env: FindEngineOptions['env'],
): Promise<string | null> {
  if (name === 'podman') return env.CONTAINER_HOST ?? null;
  if (name === 'finch') return null;
  if (env.DOCKER_HOST) return env.DOCKER_HOST;
  const args = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
  const context = await run('tell its context', args).catch(() => '');
  return context.trim() || null;
}
