import { loadConfig } from '../config/load-config.ts';
import type { CliArgs } from '../config/types.ts';
import type { BuildResult } from '../types.ts';
import { withContext } from './context.ts';
import { refuseMixture } from './means-model.ts';
import type { Session } from './session.ts';

/** Plans every function that the arguments ask for; nothing is written. */
export async function planFunctions(
  args: CliArgs & { readonly cache?: boolean | undefined },
  session: Session,
  command: string,
): Promise<readonly BuildResult[]> {
  const config = await loadConfig(session.io.cwd, args, session.io.env);
  refuseMixture(config.functions, command);
  const { planFunction } = await import('../pipeline.ts');
  const results: BuildResult[] = [];
  for (const fn of config.functions) {
    results.push(await withContext(session, args, context => planFunction(fn, context)));
  }
  return results;
}
