import type { DeployedAlias } from '../aws/types.ts';
import type { PublishedItem } from '../publish-types.ts';
import type { World } from './world.ts';

/** Lines for what publishing looked at and left as it was. */
export function sameItems(world: World, items: readonly PublishedItem[]): readonly PublishedItem[] {
  const { plan, state, latest } = world;
  const { settings } = plan;
  const isListed = (what: string): boolean => items.some(item => item.what === what);
  const { alias } = state.release;
  const { url, httpApi } = state.front;
  const same: readonly (PublishedItem | null)[] = [
    isListed('function') ? null : unchanged('function', settings.functionName, latest?.arn ?? null),
    ...plan.layers.map(layer =>
      layer.kind === 'found'
        ? { ...unchanged('layer', layer.part.name, layer.arn), outcome: 'reused' as const }
        : null,
    ),
    alias && !isListed('alias') ? unchanged('alias', alias.name, null, describeAlias(alias)) : null,
    sameConcurrency(world, isListed('concurrency')),
    settings.front.url && url && !isListed('url')
      ? unchanged('url', alias?.name ?? settings.functionName, url.url)
      : null,
    settings.front.httpApi && httpApi?.api && !isListed('http-api')
      ? unchanged('http-api', settings.functionName, httpApi.api.url)
      : null,
  ];
  return same.filter(item => item !== null);
}

function describeAlias({ version, extra }: DeployedAlias): string {
  return extra === null
    ? `version ${version}`
    : `version ${version}, and ${Math.round(extra.share * 100)}% of the calls to ${extra.version}`;
}

function sameConcurrency({ plan, state }: World, isListed: boolean): PublishedItem | null {
  const { alias, provisionedConcurrency: count } = plan.settings.release;
  const has = state.release.provisioned;
  if (isListed || alias === null || count === null || has === null) return null;
  return unchanged('concurrency', alias, null, `${has.available} of ${has.requested} provisioned`);
}

function unchanged(
  what: string,
  name: string,
  where: string | null,
  detail: string | null = null,
): PublishedItem {
  return { what, name, outcome: 'unchanged', where, bytes: null, detail };
}
