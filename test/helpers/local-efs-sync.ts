import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import type { LocalFunction } from '../../src/lambda/types.ts';
import { findCacheDir } from '../../src/util/cache-dir.ts';
import type { Invocation } from './aws-stub/state.ts';
import { runFake } from './fake-io.ts';
import { openLab, readOutcome } from './invoke.ts';

export interface LocalSync {
  /** Invokes it as the stub of an account is asked to; each call in a sandbox of its own that is free. */
  readonly invoke: (invocation: Pick<Invocation, 'event'>) => Promise<unknown>;
  readonly log: () => string;
  /** Peak of the memory of the sandboxes that ran a sync, bytes. */
  readonly peakBytes: () => number;
}

export interface LocalSyncOptions {
  readonly zip: string;
  readonly dir: string;
  /** In the place of the file system. */
  readonly mount: string;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMiB?: number;
  readonly timeoutMs?: number;
}

/** Builds the function that syncs, as its users do; gives its zip. */
export async function buildSync(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  const env = { PATH: process.env.PATH ?? '', HOME: dir, LAMBDA_SLIM_CACHE: join(dir, 'cache') };
  const { code, stdout, stderr } = await runFake(['build', '--function', 'efs-sync'], { cwd: dir, env });
  assert.is(code, 0, stdout + stderr);
  return join(dir, 'lambda-slim-out', 'efs-sync.zip');
}

/** Runs the zip in the local Lambda with the SDK of this checkout in the place of the runtime's. */
export async function withLocalSync<T>(
  { zip, dir, mount, env, memoryMiB = 512, timeoutMs = 60_000 }: LocalSyncOptions,
  use: (sync: LocalSync) => Promise<T>,
): Promise<T> {
  let [log, peak] = ['', 0];
  const open = (name: string, work: (fn: LocalFunction) => Promise<T>): Promise<T> =>
    openLab(
      zip,
      join(dir, name),
      {
        ...{ memoryMiB, timeoutMs, isolation: 'auto', env },
        environment: { AWS_ENDPOINT_URL: env.AWS_ENDPOINT_URL ?? '' },
        mount: { path: '/mnt/ml', folder: mount },
        runtimePackages: resolve('node_modules'),
        cacheDir: findCacheDir(process.cwd(), process.env),
        onLog: text => {
          log += text;
        },
      },
      ({ fn }) => work(fn),
    );
  for (const name of ['sync', 'ask']) await mkdir(join(dir, name), { recursive: true });
  return open('sync', syncing =>
    open('ask', asking => {
      const invoke = async ({ event }: Pick<Invocation, 'event'>): Promise<unknown> => {
        const isSync = ((event as { action?: string }).action ?? 'sync') === 'sync';
        const { outcome, report } = await (isSync ? syncing : asking).invoke(JSON.stringify(event));
        if (isSync) peak = Math.max(peak, report.maxMemoryBytes ?? 0);
        const { answer, error } = readOutcome(outcome);
        if (error) throw Object.assign(new Error(error.errorMessage), { name: error.errorType });
        return answer;
      };
      return use({ invoke, log: () => log, peakBytes: () => peak });
    }),
  );
}
