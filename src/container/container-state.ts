import { z } from 'zod';
import type { Engine } from './types.ts';

const state = z.object({
  Status: z.string(),
  Running: z.boolean().default(false),
  ExitCode: z.number(),
  OOMKilled: z.boolean().default(false),
  Error: z.string().default(''),
});
export type BuildState = z.infer<typeof state>;

/** Asks how a container does; null where there is none of that name. Throws `CONTAINER_ENGINE_DOWN` and the like. */
export async function readBuildState(engine: Engine, name: string): Promise<BuildState | null> {
  const filter = ['ps', '--all', '--quiet', '--filter', `name=^${name}$`];
  if ((await engine.run('list containers', filter)).trim() === '') return null;
  const args = ['inspect', '--type', 'container', '--format', '{{json .State}}', name];
  return state.parse(JSON.parse(await engine.run('look at the container', args)));
}
