import type { PublishedItem } from '../publish-types.ts';
import type { World } from './world.ts';

/** Lines for what publishing looked at and left as it was. */
export function sameItems(
  { plan, state, latest }: World,
  items: readonly PublishedItem[],
): readonly PublishedItem[] {
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
    alias && !isListed('alias') ? unchanged('alias', alias.name, null, `version ${alias.version}`) : null,
    settings.front.url && url && !isListed('url')
      ? unchanged('url', alias?.name ?? settings.functionName, url.url)
      : null,
    settings.front.httpApi && httpApi?.api && !isListed('http-api')
      ? unchanged('http-api', settings.functionName, httpApi.api.url)
      : null,
  ];
  return same.filter(item => item !== null);
}

function unchanged(
  what: string,
  name: string,
  where: string | null,
  detail: string | null = null,
): PublishedItem {
  return { what, name, outcome: 'unchanged', where, bytes: null, detail };
}
