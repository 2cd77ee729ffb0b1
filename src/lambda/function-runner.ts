import { SlimError } from '../errors.ts';
import type { ChosenInterpreter } from './choose-interpreter.ts';
import { makeFunctionEnv } from './function-env.ts';
import { describeExit, formatVerdict } from './function-failures.ts';
import { initOnce, invokeOnce } from './invoke-once.ts';
import type { SandboxPlan } from './live-sandbox.ts';
import type { LogBook } from './log-book.ts';
import { makeOrder } from './run-invocation.ts';
import { openSandboxKeeper } from './sandbox-keeper.ts';
import type { LocalFunction, LocalOptions, LocalSettings, SandboxHost } from './types.ts';

/** All that a function is run with. */
export interface FunctionParts {
  readonly settings: LocalSettings;
  readonly options: LocalOptions;
  readonly chosen: ChosenInterpreter;
  readonly host: SandboxHost;
  readonly logs: LogBook;
  readonly initLimitMs: number;
}

/** Runs a function, one event after the other, in one sandbox for as long as that lives. */
export function openRunner(parts: FunctionParts): Omit<LocalFunction, 'isolation'> {
  const { settings, options, host, logs } = parts;
  const plan = makePlan(parts);
  const ended = new AbortController();
  let lastId = '';
  const keeper = openSandboxKeeper(exit => logs.tell(formatVerdict(describeExit(exit, lastId), lastId)));
  let queue: Promise<unknown> = Promise.resolve();
  let stopped: Promise<void> | null = null;
  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  };
  const listen = (...more: readonly AbortSignal[]): AbortSignal => {
    const signal = AbortSignal.any([ended.signal, options.signal, ...more]);
    if (signal.aborted) throw new SlimError('CANCELLED', []);
    return signal;
  };
  return {
    init: () => enqueue(async () => initOnce({ ...parts, plan, keeper, signal: listen() })),
    invoke: (event, wishes = {}) =>
      enqueue(async () => {
        const signal = wishes.signal ? listen(wishes.signal) : listen();
        const order = makeOrder(event, wishes, settings);
        lastId = order.requestId;
        return invokeOnce(order, { ...parts, plan, keeper, signal });
      }),
    reset: () => enqueue(keeper.drop),
    loaded: async () => (await keeper.current()?.sandbox.loaded()) ?? [],
    stop() {
      ended.abort();
      stopped ??= enqueue(async () => {
        await keeper.drop().finally(() => host.close());
      });
      return stopped;
    },
  };
}

function makePlan({ settings, options, chosen, host }: FunctionParts): SandboxPlan {
  const { runtime, handler, functionName, memoryMiB } = settings;
  const { places, isolation } = host;
  const environment = isolation.kind === 'process' ? intoFolder(settings) : settings.environment;
  const facts = { runtime, handler, functionName, memoryMiB, environment, places, host: options.hostEnv };
  return {
    functionName,
    handler,
    start: api =>
      host.start({
        args: chosen.args(places),
        env: makeFunctionEnv({ ...facts, runtimeApi: api.address }),
      }),
  };
}

/** Without a sandbox the mount is its folder: variables that name something on it name it there. */
function intoFolder({ environment, mount }: LocalSettings): Readonly<Record<string, string>> {
  if (!mount) return environment;
  const { path, folder } = mount;
  const isOnMount = (value: string): boolean => value === path || value.startsWith(`${path}/`);
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      isOnMount(value) ? folder + value.slice(path.length) : value,
    ]),
  );
}
