import { answerAction, readKnownForm } from '../query-protocol.ts';
import type { AccountState } from '../state.ts';
import { type Call, Refusal, type Reply } from '../types.ts';
import { findRole } from './roles.ts';

/** The policies of AWS that matter to functions. */
const MANAGED = new Set(
  [
    'service-role/AWSLambdaBasicExecutionRole',
    'service-role/AWSLambdaVPCAccessExecutionRole',
    'service-role/AWSLambdaRole',
    'AmazonElasticFileSystemClientReadWriteAccess',
    'AmazonElasticFileSystemClientFullAccess',
    'AWSXRayDaemonWriteAccess',
  ].map(name => `arn:aws:iam::aws:policy/${name}`),
);
const MOST = 10;

/** Attaching twice is no error. */
export function attachPolicy(call: Call, state: AccountState): Reply {
  const form = readKnownForm(call.body, ['PolicyArn']);
  const role = findRole(form, state);
  const arn = form.get('PolicyArn') ?? '';
  if (!MANAGED.has(arn))
    throw new Refusal(404, 'NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);
  if (!role.attached.has(arn) && role.attached.size >= MOST)
    throw new Refusal(409, 'LimitExceeded', `Cannot exceed quota for PoliciesPerRole: ${MOST}`);
  role.attached.add(arn);
  return answerAction('AttachRolePolicy', {});
}

export function listAttached(call: Call, state: AccountState): Reply {
  const form = readKnownForm(call.body, ['Marker', 'MaxItems', 'PathPrefix']);
  const all = [...findRole(form, state).attached];
  const from = Number(form.get('Marker') ?? 0);
  const end = from + Math.min(state.behaviour.pageItems, Number(form.get('MaxItems') ?? 100));
  return answerAction('ListAttachedRolePolicies', {
    AttachedPolicies: {
      member: all.slice(from, end).map(arn => ({ PolicyName: arn.split('/').at(-1) ?? '', PolicyArn: arn })),
    },
    IsTruncated: end < all.length,
    Marker: end < all.length ? end : undefined,
  });
}
