import { join, resolve } from 'node:path';
import { SlimError } from '../errors.ts';
import { mergeConfig, toLayer } from './merge-config.ts';
import { resolveFunction } from './resolve-function.ts';
import { listFunctions, ONLY_FUNCTION, type Selected, selectFunctions } from './select-functions.ts';
import type { CliArgs, LoadedConfig, ResolvedConfig } from './types.ts';

export const DEFAULT_OUT = 'lambda-slim-out';

/** Joins config and command line into one value in which nothing is left to default. */
export async function resolveConfig(
  loaded: LoadedConfig | null,
  bundled: readonly LoadedConfig[],
  args: CliArgs,
  cwd: string,
): Promise<ResolvedConfig> {
  const own = listOwn(loaded, args, cwd);
  const selected = selectFunctions(args.function ?? [], own, bundled.flatMap(listFunctions));
  const [first] = selected;
  if (!first) throw new SlimError('NO_FUNCTION', [loaded?.source ?? cwd]);
  const layer = toLayer(args, cwd);
  const functions = await Promise.all(
    selected.map(({ name, config, from }) =>
      resolveFunction(name, { ...mergeConfig(config, layer), entry: config.entry }, from.dir, args, cwd),
    ),
  );
  return {
    functions,
    outDir: resolveOut(first, args, cwd, loaded),
    source: first.from.source,
    // What comes with lambda-slim must not take the place of the user's own artifact.
    single: !bundled.includes(first.from) && selected.length === 1 && listFunctions(first.from).length <= 1,
  };
}

/** The user's own functions: those of the config, or the one entry of the command line with what the config shares. */
function listOwn(loaded: LoadedConfig | null, args: CliArgs, cwd: string): readonly Selected[] {
  if (args.entry === undefined) return loaded ? listFunctions(loaded) : [];
  if (args.function) {
    throw new SlimError('USAGE', ['An entry and --function exclude each other', 'lambda-slim', null]);
  }
  const { functions: _, out, root: __, handler: ___, ...shared } = loaded?.config ?? {};
  const entry = resolve(cwd, args.entry);
  const presets = (shared.presets ?? []).map(path => resolve(loaded?.dir ?? cwd, path));
  const config = { ...shared, presets, entry };
  const source = loaded?.source ?? 'command line';
  return [{ name: ONLY_FUNCTION, config, from: { config: { ...config, out }, dir: cwd, source } }];
}

/** `out` of a config lies beside the config; --out, and the default for an entry or a bundled function, in the current folder. */
function resolveOut(first: Selected, args: CliArgs, cwd: string, loaded: LoadedConfig | null): string {
  if (args.out !== undefined) return resolve(cwd, args.out);
  if (loaded?.config.out !== undefined) return resolve(loaded.dir, loaded.config.out);
  return join(first.from === loaded ? loaded.dir : cwd, DEFAULT_OUT);
}
