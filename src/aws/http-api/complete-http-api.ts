import type { Api, Cors, Integration, Route } from '@aws-sdk/client-apigatewayv2';
import { takeIfDone } from '../aws-cause.ts';
import { makeOnce } from '../make-once.ts';
import { OWN_TAG } from '../own-tag.ts';
import type { CorsSettings, HttpApi, HttpApiWanted } from '../types.ts';
import { findIntegration, findOwnIntegration, hasCors, toRouteTarget } from './describe-missing.ts';
import type { Gateway } from './open-gateway.ts';
import {
  findApi,
  functionNameOf,
  listIntegrations,
  listRoutes,
  readHttpApi,
  readStage,
  STAGE,
  toHttpApi,
} from './read-http-api.ts';

/** API Gateway's word for a name that is taken. */
const TAKEN = ['ConflictException'];

/** Makes what is missing of an HTTP API and mends what differs, in an order in which a broken off run can be gone on with. */
export async function completeHttpApi(gateway: Gateway, wanted: HttpApiWanted): Promise<HttpApi> {
  const found = await readHttpApi(gateway, wanted);
  const api = found?.api ?? (await createApi(gateway, wanted));
  const id = api.ApiId ?? '';
  if (!hasCors(api, wanted.cors)) await updateCors(gateway, id, toCors(wanted.cors));
  const integration = await completeIntegration(gateway, id, wanted.target, found?.integrations ?? []);
  const target = toRouteTarget(integration);
  for (const key of wanted.routes) await completeRoute(gateway, id, key, target, found?.routes ?? []);
  if (!found?.stage?.AutoDeploy) await completeStage(gateway, id, found?.stage != null);
  return toHttpApi(api);
}

function createApi(gateway: Gateway, wanted: HttpApiWanted): Promise<Partial<Api>> {
  const create = () =>
    gateway.callOnce(`Creating the HTTP API ${wanted.name}`, (client, http) =>
      client.createApi(
        {
          Name: wanted.name,
          ProtocolType: 'HTTP',
          Tags: { [OWN_TAG]: functionNameOf(wanted.target) },
          ...(wanted.cors ? { CorsConfiguration: toCors(wanted.cors) } : {}),
        },
        http,
      ),
    );
  return makeOnce<Partial<Api>>(create, () => findApi(gateway, wanted), gateway.patience);
}

function toCors(cors: CorsSettings | null): Cors {
  const { origins = [], methods = [], headers = [] } = cors ?? {};
  return { AllowOrigins: [...origins], AllowMethods: [...methods], AllowHeaders: [...headers] };
}

async function updateCors({ call }: Gateway, id: string, cors: Cors): Promise<void> {
  await call('Setting CORS of the HTTP API', (gateway, http) =>
    gateway.updateApi({ ApiId: id, CorsConfiguration: cors }, http),
  );
}

/** One that leads to another version of the payload, or another alias of the function, is turned to the target. */
async function completeIntegration(
  gateway: Gateway,
  id: string,
  target: string,
  there: readonly Integration[],
): Promise<Integration> {
  const found = findIntegration(there, target);
  if (found) return found;
  const request = {
    ApiId: id,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: target,
    PayloadFormatVersion: '2.0',
  } as const;
  const own = findOwnIntegration(there, target);
  if (own)
    return gateway.call('Turning the HTTP API to the function', (client, http) =>
      client.updateIntegration({ ...request, IntegrationId: own.IntegrationId }, http),
    );
  const create = () =>
    gateway.callOnce('Connecting the HTTP API with the function', (client, http) =>
      client.createIntegration(request, http),
    );
  const find = async () => findIntegration(await listIntegrations(gateway, id), target);
  return makeOnce<Integration>(create, find, gateway.patience);
}

async function completeRoute(
  gateway: Gateway,
  id: string,
  key: string,
  target: string,
  there: readonly Route[],
): Promise<void> {
  const route = there.find(one => one.RouteKey === key);
  if (route?.Target === target) return;
  if (route) return updateRoute(gateway, id, route, target);
  const create = gateway.call(`Adding the route ${key}`, (client, http) =>
    client.createRoute({ ApiId: id, RouteKey: key, Target: target }, http),
  );
  const find = async () => (await listRoutes(gateway, id)).find(one => one.RouteKey === key) ?? null;
  const made = await takeIfDone<Partial<Route>>(create, TAKEN, find);
  if (made.Target !== target) await updateRoute(gateway, id, made, target);
}

async function updateRoute(
  { call }: Gateway,
  id: string,
  route: Partial<Route>,
  target: string,
): Promise<void> {
  await call(`Turning the route ${route.RouteKey} to the function`, (client, http) =>
    client.updateRoute({ ApiId: id, RouteId: route.RouteId, Target: target }, http),
  );
}

/** Deploys by itself whatever is changed. */
async function completeStage(gateway: Gateway, id: string, isThere: boolean): Promise<void> {
  const request = { ApiId: id, StageName: STAGE, AutoDeploy: true };
  if (isThere) {
    await gateway.call('Letting the HTTP API deploy itself', (client, http) =>
      client.updateStage(request, http),
    );
    return;
  }
  const create = gateway.call('Adding the stage of the HTTP API', (client, http) =>
    client.createStage(request, http),
  );
  await takeIfDone<unknown>(create, TAKEN, () => readStage(gateway, id));
}
