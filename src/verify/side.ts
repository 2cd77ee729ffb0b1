import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  FunctionError,
  Invocation,
  IsolationChoice,
  LocalFunction,
  LocalOptions,
  LocalSettings,
} from '../lambda/types.ts';
import type { Context, NamedEvent } from '../types.ts';

export type OpenFunction = (settings: LocalSettings, options: LocalOptions) => Promise<LocalFunction>;

export interface VerifyContext extends Context {
  /** How a function is started; else in the local Lambda. */
  readonly open?: OpenFunction;
}

/** One of the two functions, with what it did so far. */
export interface Side {
  readonly fn: LocalFunction;
  readonly settings: LocalSettings;
  readonly runs: Invocation[];
  /** Native files that it had mapped after its events. */
  readonly loaded: Set<string>;
}

/** How a function answered an event in a sandbox of its own. */
export interface EventRun {
  readonly cold: Invocation;
  /** The same event again; null where the first one took all its time. */
  readonly warm: Invocation | null;
}

/** Starts a function for `use`; its sandbox and its folder are gone afterwards in every case. */
export async function withSide<T>(
  settings: LocalSettings,
  isolation: IsolationChoice,
  context: VerifyContext,
  use: (side: Side) => Promise<T>,
): Promise<T> {
  const workDir = await mkdtemp(join(context.workDir, 'run-'));
  const cacheDir = context.cacheDir ?? join(context.workDir, 'cache');
  await mkdir(cacheDir, { recursive: true });
  try {
    const open = context.open ?? (await import('../lambda/start-function.ts')).startFunction;
    const fn = await open(settings, {
      isolation,
      workDir,
      cacheDir,
      hostEnv: context.env,
      signal: context.signal,
      onLog: () => {},
    });
    try {
      return await use({ fn, settings, runs: [], loaded: new Set() });
    } finally {
      await fn.stop();
    }
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/** Runs an event in a fresh sandbox, and once more in the same. */
export async function runEvent(side: Side, event: NamedEvent, signal: AbortSignal): Promise<EventRun> {
  await side.fn.reset();
  const cold = await side.fn.invoke(event.text, { signal });
  const isOver = cold.report.status === 'timeout';
  const warm = isOver ? null : await side.fn.invoke(event.text, { signal });
  side.runs.push(cold, ...(warm ? [warm] : []));
  await noteLoaded(side);
  return { cold, warm };
}

/** Starts a function in a fresh sandbox without an event; null when it is ready. */
export async function runInit(side: Side): Promise<FunctionError | null> {
  await side.fn.reset();
  const error = await side.fn.init();
  await noteLoaded(side);
  return error;
}

async function noteLoaded({ fn, loaded }: Side): Promise<void> {
  for (const path of await fn.loaded()) loaded.add(path);
}
