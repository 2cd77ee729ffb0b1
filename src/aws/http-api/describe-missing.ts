import type { Api, Integration } from '@aws-sdk/client-apigatewayv2';
import type { CorsSettings, HttpApiWanted } from '../types.ts';
import { type FoundHttpApi, functionNameOf, STAGE } from './read-http-api.ts';

/**
 * What an HTTP API still lacks, in words, in the order in which it gets it; what is there and only has to be turned is told apart
 * from what has to be made. Without `cors` the API keeps what it has; a new one is made with it.
 */
export function describeMissing(found: FoundHttpApi | null, wanted: HttpApiWanted): readonly string[] {
  if (found === null)
    return [
      `HTTP API ${wanted.name}`,
      `integration with ${wanted.target}`,
      ...wanted.routes.map(key => `route ${key}`),
      `stage ${STAGE}`,
    ];
  return [
    ...(hasCors(found.api, wanted.cors) ? [] : ['CORS']),
    ...describeWay(found, wanted),
    ...(found.stage ? [] : [`stage ${STAGE}`]),
    ...(found.stage && !found.stage.AutoDeploy ? [`deployment of the stage ${STAGE}`] : []),
  ];
}

/** What is missing between the routes and the function. */
function describeWay({ integrations, routes }: FoundHttpApi, wanted: HttpApiWanted): readonly string[] {
  const right = findIntegration(integrations, wanted.target);
  const used = right ?? findOwnIntegration(integrations, wanted.target);
  const integration = used
    ? `other target of the integration: ${wanted.target} instead of ${used.IntegrationUri}`
    : `integration with ${wanted.target}`;
  const ways = wanted.routes.flatMap(key => {
    const route = routes.find(({ RouteKey }) => RouteKey === key);
    if (!route) return [`route ${key}`];
    return used && route.Target === toRouteTarget(used) ? [] : [`turn of the route ${key}`];
  });
  return right ? ways : [integration, ...ways];
}

/** One that leads to another version of the payload, or another alias of the function. */
export function findOwnIntegration(integrations: readonly Integration[], target: string): Integration | null {
  const isOwn = ({ IntegrationType, IntegrationUri }: Integration): boolean =>
    IntegrationType === 'AWS_PROXY' && functionNameOf(IntegrationUri ?? '') === functionNameOf(target);
  return integrations.find(isOwn) ?? null;
}

/** One that hands requests to the target in the payload format 2.0. */
export function findIntegration(integrations: readonly Integration[], target: string): Integration | null {
  return integrations.find(one => one.IntegrationUri === target && isProxy(one)) ?? null;
}

function isProxy({ IntegrationType, PayloadFormatVersion }: Integration): boolean {
  return IntegrationType === 'AWS_PROXY' && PayloadFormatVersion === '2.0';
}

/** How a route names its integration. */
export function toRouteTarget({ IntegrationId }: Integration): string {
  return `integrations/${IntegrationId}`;
}

/** True also where no CORS is wanted. The order of lists does not matter, nor the case of headers. */
export function hasCors(api: Partial<Api> | null, wanted: CorsSettings | null): boolean {
  if (!wanted) return true;
  const { AllowOrigins, AllowMethods, AllowHeaders } = api?.CorsConfiguration ?? {};
  return (
    isSame(AllowOrigins, wanted.origins) &&
    isSame(AllowMethods, wanted.methods) &&
    isSame(AllowHeaders, wanted.headers)
  );
}

function isSame(there: readonly string[] | undefined, wanted: readonly string[]): boolean {
  const normalize = (names: readonly string[]): string =>
    [...new Set(names.map(name => name.toLowerCase()))].toSorted().join('\n');
  return normalize(there ?? []) === normalize(wanted);
}
