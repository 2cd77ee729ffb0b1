import type { PublishSettings } from '../publish-types.ts';
import { wantedEnvironment } from './diff-configuration.ts';
import type { AccountState } from './types.ts';

/** What a person should know of the account before it is changed, one sentence each. Names only, never values. */
export function noteState({ fn, release }: AccountState, settings: PublishSettings): readonly string[] {
  const notes: string[] = [];
  const present = Object.keys((fn && wantedEnvironment(settings, fn.configuration.environment)) ?? {});
  const wanted = { ...settings.environment, ...settings.layers.environment };
  const others = present.filter(name => !(name in wanted));
  if (others.length > 0)
    notes.push(`Variables that the config does not name stay as they are: ${others.join(', ')}.`);
  if (settings.release.weight !== null && release.alias === null)
    notes.push('The alias is new, so all calls go to the new version; --weight counts from the next one on.');
  if (settings.front.url?.auth === 'none') notes.push('The function URL is open to everyone.');
  if (settings.front.httpApi) notes.push('The HTTP API is open to everyone.');
  return notes;
}
