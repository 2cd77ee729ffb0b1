import { rm } from 'node:fs/promises';
import { archiveZip } from './archive/archive-zip.ts';
import { type Exact, exact } from './exact/exact.ts';
import type { LocalSettings } from './lambda/types.ts';
import type { PresetLibrary } from './presets/schema.ts';
import { addFallback } from './rest/add-fallback.ts';
import { restPathOf } from './rest/rest-path.ts';
import { restTree } from './rest/rest-tree.ts';
import type { Artifact, BuildResult, Context, Entry, ResolvedFunction, Tree } from './types.ts';
import { answerPathOf, findEvents } from './verify/find-events.ts';

/** How a function is set up, its code aside. */
export function toLocalSettings(fn: ResolvedFunction, handler: string): Omit<LocalSettings, 'code'> {
  return {
    runtime: fn.platform.runtime,
    arch: fn.platform.arch,
    handler,
    layers: [],
    mount: null,
    memoryMiB: fn.memoryMiB,
    timeoutMs: fn.timeoutMs,
    tmpMiB: fn.tmpMiB,
    environment: fn.environment,
    functionName: fn.name,
    runtimePackages: null,
  };
}

/** Absolute paths of the function's events and of the answers recorded for them. */
export async function listEvents(fn: ResolvedFunction): Promise<readonly string[]> {
  const { events } = await findEvents(fn.verify.events);
  return events.flatMap(({ path, answer }) => [path, ...(answer === null ? [] : [answerPathOf(path)])]);
}

/** Level `exact`: keeps what the imports or a recorded run on the function's events reach. */
export async function keepExactly(
  tree: Tree,
  fn: ResolvedFunction,
  setup: { readonly handler: string; readonly library: PresetLibrary },
  context: Context,
): Promise<Exact> {
  const { events } = await findEvents(fn.verify.events);
  const settings = toLocalSettings(fn, setup.handler);
  const request = { settings, events, keep: fn.keep, library: setup.library, isolation: 'auto' } as const;
  return exact(tree, request, context);
}

/** Puts what fetches missed files at run time in front of the handler. */
export async function withFallback<R extends BuildResult>(
  planned: R,
  rest: readonly Entry[],
  context: Context,
): Promise<R> {
  const { tree, handler } = await addFallback(planned.tree, rest, planned.handler, planned.platform, context);
  return { ...planned, tree, handler };
}

/**
 * Writes what level `exact` took out into an artifact of its own, which is also a layer. Where nothing was, there is none, since
 * Lambda takes no empty zip, and what an earlier build wrote there goes.
 */
export async function archiveRest(
  rest: readonly Entry[],
  fn: ResolvedFunction,
  outFile: string,
  context: Context,
): Promise<Artifact | null> {
  if (rest.length === 0) {
    await rm(restPathOf(outFile), { force: true });
    return null;
  }
  return archiveZip(restTree(rest), { outPath: restPathOf(outFile), level: fn.compress }, context);
}
