import type { ResolvedFunction } from '../../types.ts';
import { decisiveVariables } from '../python/install/tool-env.ts';

/** The variables of this machine that decide what is installed for a function, with their values. */
export function installVariables(
  { platform, install, container }: Pick<ResolvedFunction, 'platform' | 'install' | 'container'>,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const seen = install.container === false ? [] : container.environment;
  return [
    ...(platform.runtime.language === 'python' ? decisiveVariables(env) : []),
    ...seen.map(name => `${name}=${env[name] ?? ''}`),
  ];
}
