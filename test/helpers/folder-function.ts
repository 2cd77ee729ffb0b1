import type { LocalSettings } from '../../src/lambda/types.ts';
import { findRuntime } from '../../src/platform/runtimes.ts';
import type { NamedEvent, VerifyOptions } from '../../src/types.ts';
import type { OpenFunction } from '../../src/verify/verify.ts';
import { fakeFunction } from './fake-function.ts';

export const OPTIONS: VerifyOptions = {
  enabled: true,
  events: [],
  tolerance: 1e-6,
  headers: ['content-type'],
  ignore: [],
};

export function settingsOf(code: string): LocalSettings {
  return {
    runtime: findRuntime('nodejs24.x'),
    arch: 'x64',
    handler: 'index.handler',
    code,
    layers: [],
    mount: null,
    memoryMiB: 512,
    timeoutMs: 5000,
    tmpMiB: 512,
    environment: {},
    functionName: 'function',
    runtimePackages: null,
  };
}

export function eventOf(name: string, value: unknown = { name }, answer: string | null = null): NamedEvent {
  return { name, path: `/events/${name}.json`, text: JSON.stringify(value), answer };
}

export type FolderHandler = (code: string, event: never, start: { readonly cold: boolean }) => unknown;

export interface Opened {
  readonly open: OpenFunction;
  /** Folders that were run, in order. */
  readonly codes: string[];
  readonly stopped: () => number;
}

/** Functions whose handler is told which folder their code lies in. What `load` gives they have mapped. */
export function folderFunctions(
  handler: FolderHandler,
  load: (code: string) => readonly string[] = () => [],
): Opened {
  const codes: string[] = [];
  let stopped = 0;
  const open: OpenFunction = async ({ code }) => {
    codes.push(code);
    const fn = fakeFunction((event, start) => handler(code, event as never, start));
    return {
      ...fn,
      loaded: async () => load(code),
      stop: async () => {
        stopped++;
      },
    };
  };
  return { open, codes, stopped: () => stopped };
}
