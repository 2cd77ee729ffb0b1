import type { AccountState } from '../state.ts';
import { type Call, json, Refusal, type Reply } from '../types.ts';
import type { HttpApiState } from './state.ts';

export const badRequest = (message: string): Refusal => new Refusal(400, 'BadRequestException', message);
export const gone = (message: string): Refusal => new Refusal(404, 'NotFoundException', message);
export const taken = (message: string): Refusal => new Refusal(409, 'ConflictException', message);

export function findApi({ params }: Call, { httpApis, accountId }: AccountState): HttpApiState {
  const api = httpApis.get(params.ApiId ?? '');
  if (!api) throw gone(`Invalid API identifier specified ${accountId}:${params.ApiId}`);
  return api;
}

/** A page of `items`; the token of the next one is its place. */
export function answerPage(items: readonly object[], { query }: Call, state: AccountState): Reply {
  const from = Number(query.get('nextToken') ?? 0);
  if (!Number.isInteger(from)) throw badRequest('[stub] the nextToken is not of this list');
  const end = from + Math.min(Number(query.get('maxResults') ?? 25), state.behaviour.pageItems);
  return json(200, {
    items: items.slice(from, end),
    ...(end < items.length ? { nextToken: String(end) } : {}),
  });
}
