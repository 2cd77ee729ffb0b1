import { dirname, resolve } from 'node:path';
import { loadBundledConfigs } from './bundled-config.ts';
import { findConfig } from './find-config.ts';
import { parseConfig } from './parse-config.ts';
import { readConfig } from './read-config.ts';
import { resolveConfig } from './resolve-config.ts';
import type { CliArgs, LoadedConfig, ResolvedConfig } from './types.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Finds, reads, checks and resolves the config for `cwd`. Without a config an entry in `args` is enough.
 * Throws a `SlimError` that names the place of whatever is wrong.
 */
export async function loadConfig(cwd: string, args: CliArgs, env: Env): Promise<ResolvedConfig> {
  const loaded = await loadUserConfig(cwd, args.config ?? env.LAMBDA_SLIM_CONFIG);
  return resolveConfig(loaded, await loadBundledConfigs(), args, cwd);
}

async function loadUserConfig(cwd: string, chosen: string | undefined): Promise<LoadedConfig | null> {
  const path = chosen === undefined ? await findConfig(cwd) : resolve(cwd, chosen);
  if (path === null) return null;
  const config = parseConfig(await readConfig(path), path);
  return { config, dir: dirname(path), source: path };
}
