import type { AccountState } from '../state.ts';
import { type Call, json, NOTHING, Refusal, type Reply } from '../types.ts';
import { findFunction, findVersion } from './find.ts';
import { check, checkRequired, type Members, readMembers } from './members.ts';
import { conflict, invalid, noResource, notFound, staleRevision } from './refusals.ts';
import type { FunctionState, Statement } from './state.ts';

const KNOWN = [
  'StatementId',
  'Action',
  'Principal',
  'SourceArn',
  'SourceAccount',
  'FunctionUrlAuthType',
  'InvokedViaFunctionUrl',
  'RevisionId',
];
const MAX_BYTES = 20_480;

export function addPermission(call: Call, state: AccountState): Reply {
  const members = readMembers(call.body, KNOWN);
  checkMembers(members);
  const { fn, qualifier } = findFunction(call, state);
  if (qualifier === '$LATEST') throw invalid('We currently do not support adding policies for $LATEST.');
  findVersion(fn, qualifier);
  checkRevision(fn, qualifier, members.RevisionId, 'GetPolicy');
  const statements = fn.policies.get(qualifier ?? '$LATEST') ?? [];
  if (statements.some(({ Sid }) => Sid === members.StatementId))
    throw conflict(
      `The statement id (${members.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  const made = toStatement(members, qualifier === null ? fn.arn : `${fn.arn}:${qualifier}`);
  const after = [...statements, made];
  const bytes = Buffer.byteLength(toDocument(after));
  if (bytes > MAX_BYTES)
    throw new Refusal(
      400,
      'PolicyLengthExceededException',
      `The final policy size (${bytes}) is bigger than the limit (${MAX_BYTES}).`,
    );
  fn.policies.set(qualifier ?? '$LATEST', after);
  return json(201, { Statement: JSON.stringify(made) });
}

function checkMembers(members: Members): void {
  checkRequired('statementId', members.StatementId, { pattern: /[a-zA-Z0-9-_]+/, max: 100 });
  checkRequired('action', members.Action, { pattern: /lambda:[*]|lambda:[a-zA-Z]+|[*]/ });
  checkRequired('principal', members.Principal, { pattern: /[^\s]+/ });
  check('sourceArn', members.SourceArn, {
    pattern: /arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)/,
  });
  check('functionUrlAuthType', members.FunctionUrlAuthType, { values: ['NONE', 'AWS_IAM'] });
  if (members.FunctionUrlAuthType !== undefined && members.Action !== 'lambda:InvokeFunctionUrl')
    throw invalid('[stub] FunctionUrlAuthType goes with lambda:InvokeFunctionUrl only');
  if (members.InvokedViaFunctionUrl !== undefined && members.Action !== 'lambda:InvokeFunction')
    throw invalid('[stub] InvokedViaFunctionUrl goes with lambda:InvokeFunction only');
}

function toStatement(members: Members, arn: string): Statement {
  const { StatementId, Action, Principal, SourceArn, SourceAccount } = members;
  const { FunctionUrlAuthType: auth, InvokedViaFunctionUrl: viaUrl } = members;
  const equals = {
    ...(auth === undefined ? {} : { 'lambda:FunctionUrlAuthType': auth }),
    ...(SourceAccount === undefined ? {} : { 'AWS:SourceAccount': SourceAccount }),
  };
  const condition = {
    ...(Object.keys(equals).length > 0 ? { StringEquals: equals } : {}),
    ...(viaUrl === undefined ? {} : { Bool: { 'lambda:InvokedViaFunctionUrl': String(viaUrl) } }),
    ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  };
  return {
    Sid: String(StatementId),
    Effect: 'Allow',
    Principal: toPrincipal(String(Principal)),
    Action: String(Action),
    Resource: arn,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}

function toPrincipal(principal: string): unknown {
  if (principal === '*') return principal;
  if (principal.endsWith('.amazonaws.com')) return { Service: principal };
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (principal.startsWith('arn:aws:iam:')) return { AWS: principal };
  throw invalid('The provided principal was invalid. Please check the principal and try again.');
}

export function removePermission(call: Call, state: AccountState): Reply {
  const { fn, qualifier } = findFunction(call, state);
  findVersion(fn, qualifier);
  const key = qualifier ?? '$LATEST';
  const statements = fn.policies.get(key) ?? [];
  if (statements.length === 0) throw notFound('No policy is associated with the given resource.');
  const left = statements.filter(({ Sid }) => Sid !== call.params.StatementId);
  if (left.length === statements.length)
    throw notFound(`Statement ${call.params.StatementId} is not found in resource policy.`);
  checkRevision(fn, qualifier, call.query.get('RevisionId') ?? undefined, 'GetFunction/GetAlias');
  fn.policies.set(key, left);
  return NOTHING;
}

export function getPolicy(call: Call, state: AccountState): Reply {
  const { fn, qualifier } = findFunction(call, state);
  const statements = fn.policies.get(qualifier ?? '$LATEST') ?? [];
  if (statements.length === 0) throw noResource();
  return json(200, { Policy: toDocument(statements), RevisionId: revisionOf(fn, qualifier) });
}

function checkRevision(fn: FunctionState, qualifier: string | null, given: unknown, api: string): void {
  if (given !== undefined && given !== revisionOf(fn, qualifier)) throw staleRevision(api);
}

function revisionOf(fn: FunctionState, qualifier: string | null): string {
  return fn.aliases.get(qualifier ?? '')?.revisionId ?? findVersion(fn, qualifier).revisionId;
}

function toDocument(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}
