import { randomBytes } from 'node:crypto';
import { type Members, readMembers } from '../lambda/members.ts';
import type { AccountState } from '../state.ts';
import { type Call, json, type Reply } from '../types.ts';
import { answerPage, badRequest, findApi, gone } from './find-api.ts';
import type { Integration } from './state.ts';

const KNOWN = ['integrationType', 'integrationUri', 'payloadFormatVersion', 'timeoutInMillis'];
const FUNCTION =
  /^(?:arn:aws:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/)?arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(?::[\w-]+)?(?:\/invocations)?$/;
/** HTTP APIs end a call after this. */
const MOST_MS = 30_000;

export function createIntegration(call: Call, state: AccountState): Reply {
  const api = findApi(call, state);
  const made = toIntegration(readMembers(call.body, KNOWN), {
    integrationId: randomBytes(4).toString('hex'),
    integrationType: '',
    integrationUri: '',
    payloadFormatVersion: '',
    timeoutInMillis: MOST_MS,
  });
  api.integrations.set(made.integrationId, made);
  return json(201, describe(made));
}

export function updateIntegration(call: Call, state: AccountState): Reply {
  const { integrations } = findApi(call, state);
  const id = call.params.IntegrationId ?? '';
  const before = integrations.get(id);
  if (!before) throw gone(`Invalid Integration identifier specified ${id}`);
  const after = toIntegration(readMembers(call.body, KNOWN), before);
  integrations.set(id, after);
  return json(200, describe(after));
}

function toIntegration(members: Members, before: Integration): Integration {
  const after: Integration = { ...before, ...members };
  if (after.integrationType !== 'AWS_PROXY') throw badRequest('[stub] connects functions by AWS_PROXY only');
  if (!FUNCTION.test(after.integrationUri))
    throw badRequest(`[stub] ${after.integrationUri} is not the ARN of a function`);
  if (!['1.0', '2.0'].includes(after.payloadFormatVersion))
    throw badRequest('PayloadFormatVersion is a required parameter for integration');
  if (after.timeoutInMillis < 50 || after.timeoutInMillis > MOST_MS)
    throw badRequest('Timeout should be between 50 ms and 30000 ms');
  return after;
}

export function getIntegrations(call: Call, state: AccountState): Reply {
  return answerPage([...findApi(call, state).integrations.values()].map(describe), call, state);
}

function describe(integration: Integration): object {
  return { ...integration, connectionType: 'INTERNET', integrationMethod: 'POST' };
}
