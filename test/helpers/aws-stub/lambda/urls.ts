import { randomBytes } from 'node:crypto';
import type { AccountState } from '../state.ts';
import { type Call, json, NOTHING, type Reply } from '../types.ts';
import { findFunction } from './find.ts';
import { check, checkRequired, type Members, readMembers } from './members.ts';
import { toLambdaDate } from './progress.ts';
import { conflict, noResource, notFound } from './refusals.ts';
import type { FunctionState, UrlConfig } from './state.ts';

const KNOWN = ['AuthType', 'InvokeMode', 'Cors'];

export function createUrl(call: Call, state: AccountState): Reply {
  const members = readMembers(call.body, KNOWN);
  checkRequired('authType', members.AuthType);
  checkMembers(members);
  const { fn, qualifier } = findUrlOwner(call, state);
  const key = qualifier ?? '$LATEST';
  const arn = toArn(fn, qualifier);
  if (fn.urls.has(key))
    throw conflict(
      `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    );
  if (qualifier !== null && !fn.aliases.has(qualifier)) throw notFound('Function does not exist');
  const id = randomBytes(16).toString('hex');
  const now = new Date().toISOString();
  const made: UrlConfig = {
    url: `https://${id}.lambda-url.${state.region}.on.aws/`,
    created: now,
    modified: now,
    AuthType: String(members.AuthType),
    InvokeMode: String(members.InvokeMode ?? 'BUFFERED'),
    ...(members.Cors ? { Cors: members.Cors } : {}),
  };
  fn.urls.set(key, made);
  return json(201, describeUrl(arn, made));
}

/** What is not said stays. */
export function updateUrl(call: Call, state: AccountState): Reply {
  const members = readMembers(call.body, KNOWN);
  checkMembers(members);
  const [fn, qualifier, config] = findUrl(call, state);
  Object.assign(config, members, { modified: toLambdaDate(new Date()) });
  return json(200, describeUrl(toArn(fn, qualifier), config));
}

export function getUrl(call: Call, state: AccountState): Reply {
  const [fn, qualifier, config] = findUrl(call, state);
  return json(200, describeUrl(toArn(fn, qualifier), config));
}

export function deleteUrl(call: Call, state: AccountState): Reply {
  const [fn, qualifier] = findUrl(call, state);
  fn.urls.delete(qualifier ?? '$LATEST');
  return NOTHING;
}

function findUrl(call: Call, state: AccountState): readonly [FunctionState, string | null, UrlConfig] {
  const { fn, qualifier } = findUrlOwner(call, state);
  const config = fn.urls.get(qualifier ?? '$LATEST');
  if (!config) throw noResource();
  return [fn, qualifier, config];
}

/** A URL belongs to a function or an alias, never to a version. */
function findUrlOwner(
  call: Call,
  state: AccountState,
): { readonly fn: FunctionState; readonly qualifier: string | null } {
  check('qualifier', call.query.get('Qualifier') ?? undefined, { pattern: /((?!^\d+$)^[0-9a-zA-Z-_]+$)/ });
  const name = call.params.FunctionName ?? '';
  if (!/[:]/.test(name) && !state.functions.has(name))
    throw call.operation === 'CreateFunctionUrlConfig' || call.operation === 'UpdateFunctionUrlConfig'
      ? notFound('Function does not exist')
      : noResource();
  return findFunction(call, state);
}

function checkMembers({ AuthType, InvokeMode, Cors }: Members): void {
  check('authType', AuthType, { values: ['NONE', 'AWS_IAM'] });
  check('invokeMode', InvokeMode, { values: ['BUFFERED', 'RESPONSE_STREAM'] });
  const cors = (Cors ?? {}) as Record<string, unknown>;
  for (const list of ['AllowHeaders', 'AllowOrigins', 'ExposeHeaders'])
    check(`cors.${list}`, cors[list], { max: 100 });
  check('cors.allowMethods', cors.AllowMethods, { max: 6 });
  for (const method of (cors.AllowMethods ?? []) as readonly string[])
    check('cors.allowMethods', method, { max: 6, pattern: /\*|GET|PUT|HEAD|POST|PATCH|DELETE/ });
  check('cors.maxAge', cors.MaxAge, { min: 0, max: 86_400 });
}

function toArn({ arn }: FunctionState, qualifier: string | null): string {
  return qualifier === null ? arn : `${arn}:${qualifier}`;
}

function describeUrl(arn: string, { url, created, modified, AuthType, InvokeMode, Cors }: UrlConfig): object {
  return {
    FunctionUrl: url,
    FunctionArn: arn,
    AuthType,
    InvokeMode,
    CreationTime: created,
    LastModifiedTime: modified,
    ...(Cors ? { Cors } : {}),
  };
}
