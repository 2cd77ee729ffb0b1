import type { HttpApi } from '../aws/types.ts';
import { layerNameOf } from './layer-names.ts';
import { hasPermission, httpApiPermission, URL_PERMISSIONS } from './plan-front.ts';
import { functionArn, type RunStep } from './world.ts';

/** Makes or changes the function URL, and lets callers in where it is public. */
export const runUrl: RunStep<'url'> = async ({ settings, isNew, lacks }, world) => {
  const { lambda } = world.account;
  const { functionName: name, release } = world.plan.settings;
  const { alias } = release;
  const made = await (isNew ? lambda.createUrl : lambda.updateUrl)(name, alias, settings);
  for (const permission of URL_PERMISSIONS.filter(({ id }) => lacks.includes(id)))
    await lambda.addPermission(name, alias, permission);
  const detail = settings.auth === 'none' ? 'open to everyone' : 'for callers that IAM knows';
  return {
    world: { ...world, urls: [...world.urls, made.url] },
    item: {
      what: 'url',
      name: alias ?? name,
      outcome: isNew ? 'created' : 'updated',
      where: made.url,
      bytes: null,
      detail,
    },
  };
};

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
  return {
    world: { ...world, urls: [...world.urls, ...urlsOfApi(api, front.httpApi.routes)] },
    item: {
      what: 'http-api',
      name,
      outcome: world.state.front.httpApi?.api ? 'updated' : 'created',
      where: api.url,
      bytes: null,
      detail: missing.join(', '),
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
