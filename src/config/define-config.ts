import type { UserConfig } from './types.ts';

/** Returns the config as it is; gives `lambda-slim.config.ts` its types and completion. */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}
