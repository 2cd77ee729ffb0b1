import { randomBytes } from 'node:crypto';
import { type Members, readMembers } from '../lambda/members.ts';
import type { AccountState } from '../state.ts';
import { type Call, json, type Reply } from '../types.ts';
import { answerPage, badRequest, findApi, gone, taken } from './find-api.ts';
import type { HttpApiState, Route } from './state.ts';

const KEY = /^(\$default|(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) \/\S*)$/;
const KNOWN = ['routeKey', 'target'];

export function createRoute(call: Call, state: AccountState): Reply {
  const api = findApi(call, state);
  const made = toRoute(api, readMembers(call.body, KNOWN), {
    routeId: randomBytes(4).toString('hex'),
    routeKey: '',
  });
  api.routes.set(made.routeId, made);
  return json(201, describe(made));
}

export function updateRoute(call: Call, state: AccountState): Reply {
  const api = findApi(call, state);
  const id = call.params.RouteId ?? '';
  const before = api.routes.get(id);
  if (!before) throw gone(`Invalid Route identifier specified ${id}`);
  const after = toRoute(api, readMembers(call.body, KNOWN), before);
  api.routes.set(id, after);
  return json(200, describe(after));
}

function toRoute({ routes, integrations }: HttpApiState, members: Members, before: Route): Route {
  const after: Route = { ...before, ...members };
  if (!KEY.test(after.routeKey)) throw badRequest(`[stub] ${after.routeKey} is not the key of a route`);
  const same = [...routes.values()].find(({ routeKey }) => routeKey === after.routeKey);
  if (same && same.routeId !== after.routeId)
    throw taken(`Route with key ${after.routeKey} already exists for this API`);
  const [kind, id = ''] = (after.target ?? '').split('/');
  if (after.target !== undefined && (kind !== 'integrations' || !integrations.has(id)))
    throw badRequest(`[stub] there is no target ${after.target}`);
  return after;
}

export function getRoutes(call: Call, state: AccountState): Reply {
  return answerPage([...findApi(call, state).routes.values()].map(describe), call, state);
}

function describe(route: Route): object {
  return { ...route, apiKeyRequired: false, authorizationType: 'NONE' };
}
