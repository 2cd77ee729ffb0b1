import { randomBytes } from 'node:crypto';
import { readMembers } from '../lambda/members.ts';
import type { AccountState } from '../state.ts';
import { type Call, json, type Reply } from '../types.ts';
import { answerPage, badRequest, findApi, gone } from './find-api.ts';
import type { HttpApiState } from './state.ts';

const CORS = ['allowCredentials', 'allowHeaders', 'allowMethods', 'allowOrigins', 'exposeHeaders', 'maxAge'];

/** What an API is made with; quick create, which makes a route and a stage too, is not for the stub. */
export function createApi(call: Call, state: AccountState): Reply {
  const members = readMembers(call.body, [
    'name',
    'protocolType',
    'description',
    'corsConfiguration',
    'tags',
  ]);
  if (!members.name) throw badRequest('[stub] an API needs a name');
  if (members.protocolType !== 'HTTP') throw badRequest('[stub] makes HTTP APIs only');
  checkCors(members.corsConfiguration);
  const api: HttpApiState = {
    apiId: randomBytes(5).toString('hex'),
    name: String(members.name),
    description: String(members.description ?? ''),
    corsConfiguration: (members.corsConfiguration as object | undefined) ?? null,
    created: new Date().toISOString(),
    tags: { ...(members.tags as Record<string, string> | undefined) },
    integrations: new Map(),
    routes: new Map(),
    stages: new Map(),
  };
  state.httpApis.set(api.apiId, api);
  return json(201, describe(api, state));
}

/** What is not said stays. */
export function updateApi(call: Call, state: AccountState): Reply {
  const members = readMembers(call.body, ['name', 'description', 'corsConfiguration']);
  const api = findApi(call, state);
  checkCors(members.corsConfiguration);
  Object.assign(api, members);
  return json(200, describe(api, state));
}

function checkCors(cors: unknown): void {
  const given = (cors ?? {}) as Readonly<Record<string, unknown>>;
  const strange = Object.keys(given).filter(name => !CORS.includes(name));
  if (strange.length > 0) throw badRequest(`[stub] CORS has no ${strange.join(', ')}`);
  const origins = (given.allowOrigins ?? []) as readonly string[];
  if (given.allowCredentials === true && origins.includes('*'))
    throw badRequest('[stub] CORS with credentials needs origins that are named');
}

export function getApi(call: Call, state: AccountState): Reply {
  return json(200, describe(findApi(call, state), state));
}

export function getApis(call: Call, state: AccountState): Reply {
  return answerPage(
    [...state.httpApis.values()].map(api => describe(api, state)),
    call,
    state,
  );
}

export function tagResource(call: Call, state: AccountState): Reply {
  const { tags } = readMembers(call.body, ['tags']);
  Object.assign(findTagged(call, state).tags, tags);
  return json(201, {});
}

export function getTags(call: Call, state: AccountState): Reply {
  return json(200, { tags: findTagged(call, state).tags });
}

/** `arn:aws:apigateway:eu-west-1::/apis/abc`. */
function findTagged({ params }: Call, { httpApis, region }: AccountState): HttpApiState {
  const start = `arn:aws:apigateway:${region}::/apis/`;
  const arn = params.Resource ?? '';
  const api = arn.startsWith(start) ? httpApis.get(arn.slice(start.length)) : undefined;
  if (!api) throw gone(`Invalid resource identifier specified ${arn}`);
  return api;
}

function describe(api: HttpApiState, { region }: AccountState): object {
  const { apiId, name, description, corsConfiguration, created, tags } = api;
  return {
    apiId,
    name,
    apiEndpoint: `https://${apiId}.execute-api.${region}.amazonaws.com`,
    protocolType: 'HTTP',
    routeSelectionExpression: '$request.method $request.path',
    apiKeySelectionExpression: '$request.header.x-api-key',
    createdDate: created,
    disableExecuteApiEndpoint: false,
    tags,
    ...(description === '' ? {} : { description }),
    ...(corsConfiguration === null ? {} : { corsConfiguration }),
  };
}
