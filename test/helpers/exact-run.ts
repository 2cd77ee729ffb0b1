import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Exact, type ExactRequest, exact } from '../../src/exact/exact.ts';
import { startFunction } from '../../src/lambda/start-function.ts';
import type { IsolationChoice, Outcome } from '../../src/lambda/types.ts';
import { findRuntime } from '../../src/platform/runtimes.ts';
import { loadPresets } from '../../src/presets/load.ts';
import type { NamedEvent, Tree } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { makeContext } from './project.ts';

type Settings = ExactRequest['settings'];

/** The runtime of the Node.js that runs the tests, which needs no other one to be fetched. */
export const NODE_RUNTIME = `nodejs${process.versions.node.split('.')[0]}.x`;

export function settingsOf(runtime: string, overrides: Partial<Settings> = {}): Settings {
  return {
    runtime: findRuntime(runtime),
    arch: process.arch === 'arm64' ? 'arm64' : 'x64',
    handler: runtime.startsWith('python') ? 'app.handler' : 'index.handler',
    layers: [],
    mount: null,
    memoryMiB: 1024,
    timeoutMs: 30_000,
    tmpMiB: 512,
    environment: {},
    functionName: 'function',
    runtimePackages: null,
    ...overrides,
  };
}

export function eventsOf(...values: readonly unknown[]): readonly NamedEvent[] {
  return values.map((value, index) => ({
    name: `event-${index + 1}`,
    path: `event-${index + 1}.json`,
    text: JSON.stringify(value),
    answer: null,
  }));
}

/** Level `exact` with the built-in presets. */
export function runExact(
  tree: Tree,
  settings: Settings,
  events: readonly NamedEvent[],
  overrides: Partial<ExactRequest> = {},
): Promise<Exact> {
  return withTempDir(async dir => {
    const library = await loadPresets();
    const request = { settings, events, keep: [], library, isolation: 'auto', ...overrides } as const;
    return exact(tree, request, makeContext(dir, { cacheDir: process.env.LAMBDA_SLIM_TEST_CACHE ?? null }));
  });
}

/** What a tree answers to events, one after another in a sandbox each. */
export function answersOf(
  tree: Tree,
  settings: Settings,
  events: readonly NamedEvent[],
  isolation: IsolationChoice = 'auto',
): Promise<readonly unknown[]> {
  return withTempDir(async dir => {
    const code = join(dir, 'code');
    const workDir = join(dir, 'run');
    for (const folder of [code, workDir]) await mkdir(folder);
    await layOutTree(tree.entries, code);
    const context = makeContext(dir, { cacheDir: process.env.LAMBDA_SLIM_TEST_CACHE ?? null });
    const fn = await startFunction(
      { ...settings, code },
      {
        isolation,
        workDir,
        cacheDir: context.cacheDir,
        hostEnv: process.env,
        signal: context.signal,
        onLog: () => {},
      },
    );
    try {
      const answers: unknown[] = [];
      for (const { text } of events) {
        await fn.reset();
        answers.push(toValue((await fn.invoke(text)).outcome));
      }
      return answers;
    } finally {
      await fn.stop();
    }
  });
}

function toValue(outcome: Outcome): unknown {
  return outcome.kind === 'error'
    ? outcome.error.errorType
    : JSON.parse(Buffer.from(outcome.body).toString());
}
