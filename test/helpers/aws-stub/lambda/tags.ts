import type { AccountState } from '../state.ts';
import { type Call, json, NOTHING, type Reply } from '../types.ts';
import { check, checkRequired, readMembers } from './members.ts';
import { invalid, notFound, unsatisfied } from './refusals.ts';
import type { FunctionState } from './state.ts';

const TEXT = /[\p{L}\p{Z}\p{N}_.:/=+\-@]*/u;

export function checkTags(tags: Readonly<Record<string, string>> | undefined): void {
  for (const [key, value] of Object.entries(tags ?? {})) {
    check('tags', key, { min: 1, max: 128, pattern: TEXT });
    check('tags', value, { max: 256, pattern: TEXT });
    if (/^aws:/i.test(key)) throw invalid('[stub] keys of tags must not begin with aws:');
  }
  if (Object.keys(tags ?? {}).length > 50) throw invalid('Number of tags exceeds resource tag limit.');
}

export function tagResource(call: Call, state: AccountState): Reply {
  const fn = findTagged(call, state);
  const { Tags } = readMembers(call.body, ['Tags']);
  checkRequired('tags', Tags);
  const tags = { ...fn.tags, ...(Tags as Record<string, string>) };
  checkTags(tags);
  fn.tags = tags;
  return NOTHING;
}

export function untagResource(call: Call, state: AccountState): Reply {
  const fn = findTagged(call, state);
  const keys = call.query.getAll('tagKeys');
  if (keys.length === 0) throw unsatisfied(undefined, 'tagKeys', 'Member must not be null');
  fn.tags = Object.fromEntries(Object.entries(fn.tags).filter(([key]) => !keys.includes(key)));
  return NOTHING;
}

export function listTags(call: Call, state: AccountState): Reply {
  return json(200, { Tags: findTagged(call, state).tags });
}

function findTagged({ params }: Call, { functions }: AccountState): FunctionState {
  const arn = params.Resource ?? '';
  const [, bare = '', name = '', qualifier] =
    /^(arn:aws:lambda:[a-z0-9-]+:\d{12}:function:([\w-]+))(?::(.+))?$/.exec(arn) ?? [];
  if (!bare)
    throw unsatisfied(
      arn,
      'resource',
      'Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*):lambda:…',
    );
  if (qualifier !== undefined)
    throw invalid(
      'Tags on function aliases and versions are not supported. Please specify either a function ARN or an event source mapping ARN.',
    );
  const fn = functions.get(name);
  if (fn?.arn !== bare) throw notFound(`Function not found: ${arn}`);
  return fn;
}
