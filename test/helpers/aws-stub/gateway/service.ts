import { toJsonError } from '../lambda/service.ts';
import { operation, Refusal, type Service } from '../types.ts';
import { createApi, getApi, getApis, getTags, tagResource, updateApi } from './apis.ts';
import { createIntegration, getIntegrations, updateIntegration } from './integrations.ts';
import { createRoute, getRoutes, updateRoute } from './routes.ts';
import { createStage, getStage, getStages, updateStage } from './stages.ts';

const API = '/v2/apis/{ApiId}';

/** HTTP APIs. */
export const apigateway: Service = {
  name: 'apigateway',
  operations: [
    operation('CreateApi', 'POST /v2/apis', createApi),
    operation('GetApis', 'GET /v2/apis', getApis),
    operation('GetApi', `GET ${API}`, getApi),
    operation('UpdateApi', `PATCH ${API}`, updateApi),
    operation('CreateIntegration', `POST ${API}/integrations`, createIntegration),
    operation('GetIntegrations', `GET ${API}/integrations`, getIntegrations),
    operation('UpdateIntegration', `PATCH ${API}/integrations/{IntegrationId}`, updateIntegration),
    operation('CreateRoute', `POST ${API}/routes`, createRoute),
    operation('GetRoutes', `GET ${API}/routes`, getRoutes),
    operation('UpdateRoute', `PATCH ${API}/routes/{RouteId}`, updateRoute),
    operation('CreateStage', `POST ${API}/stages`, createStage),
    operation('GetStages', `GET ${API}/stages`, getStages),
    operation('GetStage', `GET ${API}/stages/{StageName}`, getStage),
    operation('UpdateStage', `PATCH ${API}/stages/{StageName}`, updateStage),
    operation('TagResource', 'POST /v2/tags/{Resource+}', tagResource),
    operation('GetTags', 'GET /v2/tags/{Resource+}', getTags),
  ],
  target: ({ params }) => params.ApiId ?? params.Resource ?? '',
  toReply: toJsonError,
  throttled: new Refusal(429, 'TooManyRequestsException', 'Too Many Requests'),
  broken: new Refusal(500, 'InternalServerErrorException', 'Internal server error'),
  conflict: new Refusal(
    409,
    'ConflictException',
    'Unable to complete operation due to concurrent modification. Please try again later.',
  ),
};
