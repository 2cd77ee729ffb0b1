import type { DeployedUrl, HttpApi, UrlSettings } from '../aws/types.ts';
import { layerNameOf } from './layer-names.ts';
import { hasPermission, httpApiPermission, isSameUrl, URL_PERMISSIONS } from './plan-front.ts';
import { functionArn, type RunStep, type World } from './world.ts';

/** Makes or changes the function URL, and lets callers in where it is public. */
export const runUrl: RunStep<'url'> = async ({ settings, change, lacks }, world) => {
  const { lambda } = world.account;
  const { functionName: name, release } = world.plan.settings;
  const { alias } = release;
  const made = await makeUrl(settings, world);
  for (const permission of URL_PERMISSIONS.filter(({ id }) => lacks.includes(id)))
    await lambda.addPermission(name, alias, permission);
  const detail = settings.auth === 'none' ? 'open to everyone' : 'for callers that IAM knows';
  return {
    world: { ...world, urls: [...world.urls, made.url] },
    item: {
      what: 'url',
      name: alias ?? name,
      outcome: change === 'create' ? 'created' : 'updated',
      where: made.url,
      bytes: null,
      detail,
    },
  };
};

/** What the settings do not say of a URL stays; one that is right already only lacks who may call it. */
function makeUrl(wanted: UrlSettings, { account: { lambda }, plan, state }: World): Promise<DeployedUrl> {
  const { functionName: name, release } = plan.settings;
  const { url } = state.front;
  if (url === null) return lambda.createUrl(name, release.alias, wanted);
  if (isSameUrl(url, wanted)) return Promise.resolve(url);
  return lambda.updateUrl(name, release.alias, { ...wanted, cors: wanted.cors ?? url.cors });
}

/** Makes or completes the HTTP API, and lets it call the function. */
export const runHttpApi: RunStep<'http-api'> = async ({ missing }, world) => {
  const { lambda, httpApis } = world.account;
  const { functionName: name, release, front } = world.plan.settings;
  if (front.httpApi === null) throw new Error('an HTTP API is only made when it is asked for');
  const arn = functionArn(world);
  const target = release.alias === null ? arn : `${arn}:${release.alias}`;
  const api = await httpApis.complete({ name, target, ...front.httpApi });
  const permission = httpApiPermission(arn, api.id);
  const permissions = await lambda.listPermissions(name, release.alias);
  if (!hasPermission(permissions, permission)) await lambda.addPermission(name, release.alias, permission);
  const isNew = !world.state.front.httpApi?.api;
  return {
    world: { ...world, urls: [...world.urls, ...urlsOfApi(api, front.httpApi.routes)] },
    item: {
      what: 'http-api',
      name,
      outcome: isNew ? 'created' : 'updated',
      where: api.url,
      bytes: null,
      detail: (isNew ? front.httpApi.routes : missing).join(', '),
    },
  };
};

/** Where the routes of an HTTP API answer, each once. */
export function urlsOfApi({ url }: HttpApi, routes: readonly string[]): readonly string[] {
  return [...new Set(routes.map(route => `${url}${route.split(' ')[1] ?? ''}`))];
}

/** Deletes an old version of a layer. */
export const runDeleteLayer: RunStep<'delete-layer'> = async ({ arn }, world) => {
  const name = layerNameOf(arn);
  const version = Number(arn.split(':').at(-1));
  await world.account.lambda.deleteLayerVersion(name, version);
  return {
    world,
    item: {
      what: 'layer',
      name: `${name}:${version}`,
      outcome: 'deleted',
      where: arn,
      bytes: null,
      detail: null,
    },
  };
};
