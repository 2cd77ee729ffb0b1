import { answerAction, readKnownForm, readTags } from '../query-protocol.ts';
import type { AccountState } from '../state.ts';
import { type Call, Refusal, type Reply } from '../types.ts';
import type { Xml } from '../xml.ts';
import type { Role } from './state.ts';

const NAME = /^[\w+=,.@-]{1,64}$/;

export function createRole(call: Call, state: AccountState): Reply {
  const form = readKnownForm(call.body, ['AssumeRolePolicyDocument', 'Description', 'Path', 'Tags']);
  const name = form.get('RoleName') ?? '';
  const trust = form.get('AssumeRolePolicyDocument') ?? '';
  if (!NAME.test(name))
    throw new Refusal(
      400,
      'ValidationError',
      `1 validation error detected: Value '${name}' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+`,
    );
  checkDocument(trust);
  if (state.roles.has(name))
    throw new Refusal(409, 'EntityAlreadyExists', `Role with name ${name} already exists.`);
  const role = newRole(state, name, {
    trust,
    description: form.get('Description') ?? '',
    tags: new Map(readTags(form)),
    refusals: state.behaviour.newRoleRefusals,
  });
  state.roles.set(name, role);
  return answerAction('CreateRole', { Role: describe(role) });
}

export function newRole(
  { accountId }: AccountState,
  name: string,
  facts: Pick<Role, 'trust' | 'description' | 'tags' | 'refusals'>,
): Role {
  const arn = `arn:aws:iam::${accountId}:role/${name}`;
  return { ...facts, name, arn, created: new Date().toISOString(), inline: new Map(), attached: new Set() };
}

/** A policy has to be JSON with statements. */
function checkDocument(document: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    throw new Refusal(400, 'MalformedPolicyDocument', 'This policy contains invalid Json');
  }
  if (typeof parsed === 'object' && parsed !== null && 'Statement' in parsed && 'Version' in parsed) return;
  throw new Refusal(400, 'MalformedPolicyDocument', 'Syntax errors in policy.');
}

export function getRole(call: Call, state: AccountState): Reply {
  return answerAction('GetRole', { Role: describe(findRole(readKnownForm(call.body, []), state)) });
}

export function findRole(form: URLSearchParams, { roles }: AccountState): Role {
  const name = form.get('RoleName') ?? '';
  const role = roles.get(name);
  if (!role) throw new Refusal(404, 'NoSuchEntity', `The role with name ${name} cannot be found.`);
  return role;
}

export function putRolePolicy(call: Call, state: AccountState): Reply {
  const form = readKnownForm(call.body, ['PolicyName', 'PolicyDocument']);
  const role = findRole(form, state);
  const document = form.get('PolicyDocument') ?? '';
  checkDocument(document);
  role.inline.set(form.get('PolicyName') ?? '', document);
  return answerAction('PutRolePolicy', {});
}

export function getRolePolicy(call: Call, state: AccountState): Reply {
  const form = readKnownForm(call.body, ['PolicyName']);
  const role = findRole(form, state);
  const name = form.get('PolicyName') ?? '';
  const document = role.inline.get(name);
  if (document === undefined)
    throw new Refusal(404, 'NoSuchEntity', `The role policy with name ${name} cannot be found.`);
  return answerAction('GetRolePolicy', {
    RoleName: role.name,
    PolicyName: name,
    PolicyDocument: encodeURIComponent(document),
  });
}

function describe({ name, arn, trust, description, created, tags }: Role): Record<string, Xml> {
  return {
    Path: '/',
    RoleName: name,
    RoleId: 'AROASTUB',
    Arn: arn,
    CreateDate: created,
    AssumeRolePolicyDocument: encodeURIComponent(trust),
    Description: description,
    MaxSessionDuration: 3600,
    ...(tags.size > 0 ? { Tags: { member: [...tags].map(([Key, Value]) => ({ Key, Value })) } } : {}),
  };
}
