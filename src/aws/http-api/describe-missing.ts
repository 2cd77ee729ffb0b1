import type { Api, Integration } from '@aws-sdk/client-apigatewayv2';
import type { CorsSettings, HttpApiWanted } from '../types.ts';
import { type FoundHttpApi, STAGE } from './read-http-api.ts';

/** What an HTTP API still lacks, in words. Without `cors` the API keeps what it has. */
export function describeMissing(found: FoundHttpApi | null, wanted: HttpApiWanted): readonly string[] {
  const target = found ? findIntegration(found.integrations, wanted.target) : null;
  const lacksRoute = (key: string): boolean =>
    !found?.routes.some(route => route.RouteKey === key && target && route.Target === toRouteTarget(target));
  return [
    ...(found ? [] : [`HTTP API ${wanted.name}`]),
    ...(target ? [] : [`integration with ${wanted.target}`]),
    ...wanted.routes.filter(lacksRoute).map(key => `route ${key}`),
    ...(found?.stage?.AutoDeploy ? [] : [`stage ${STAGE}`]),
    ...(hasCors(found?.api ?? null, wanted.cors) ? [] : ['CORS']),
  ];
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
