import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { type ChosenInterpreter, chooseInterpreter } from './choose-interpreter.ts';
import { checkEnvironment } from './function-env.ts';
import { openRunner } from './function-runner.ts';
import { type LogBook, openLogBook } from './log-book.ts';
import { openSandboxHost } from './sandbox/open-sandbox-host.ts';
import type { LocalFunction, LocalOptions, LocalSettings, SandboxHost } from './types.ts';

/**
 * Makes a function ready to be invoked on this machine; its sandbox is started with the first event. Throws `ARCH_CANNOT_RUN`,
 * `PYTHON_MISSING`, `ENV_RESERVED`, `CANCELLED`. `initLimitMs` is how long init may take before it is begun anew.
 */
export async function startFunction(
  settings: LocalSettings,
  options: LocalOptions,
  initLimitMs: number = limits.initSeconds * 1000,
): Promise<LocalFunction> {
  const { signal } = options;
  if (signal.aborted) throw new SlimError('CANCELLED', []);
  checkEnvironment(settings.environment);
  const logs = openLogBook(options.onLog);
  const chosen = await chooseInterpreter(settings, options);
  const host = await openHost(settings, options, chosen, logs);
  const runner = openRunner({ settings, options, chosen, host, logs, initLimitMs });
  const onAbort = (): void => void runner.stop();
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    isolation: { ...host.isolation, interpreter: chosen.title, exactInterpreter: chosen.exact },
    ...runner,
    async stop() {
      signal.removeEventListener('abort', onAbort);
      await runner.stop();
    },
  };
}

function openHost(
  settings: LocalSettings,
  options: LocalOptions,
  { interpreter, runtime }: ChosenInterpreter,
  logs: LogBook,
): Promise<SandboxHost> {
  const { code, layers, mount, runtimePackages, memoryMiB, tmpMiB } = settings;
  const { visible = [], writableCode = false, workDir, isolation, signal, hostEnv } = options;
  const image = { runtime: settings.runtime, arch: settings.arch, name: options.image ?? null, hostEnv };
  return openSandboxHost(
    {
      ...{ code, layers, mount, runtimePackages, memoryMiB, tmpMiB, interpreter, runtime, visible },
      ...{ writableCode, workDir, onLog: logs.add, image },
    },
    isolation,
    signal,
  );
}
