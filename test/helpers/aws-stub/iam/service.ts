import {
  action,
  QUERY_BROKEN,
  QUERY_CONFLICT,
  QUERY_THROTTLED,
  readForm,
  toQueryError,
} from '../query-protocol.ts';
import type { Service } from '../types.ts';
import { attachPolicy, listAttached } from './attached.ts';
import { createRole, getRole, getRolePolicy, putRolePolicy } from './roles.ts';

export const iam: Service = {
  name: 'iam',
  operations: [
    action('CreateRole', createRole),
    action('GetRole', getRole),
    action('PutRolePolicy', putRolePolicy),
    action('GetRolePolicy', getRolePolicy),
    action('AttachRolePolicy', attachPolicy),
    action('ListAttachedRolePolicies', listAttached),
  ],
  target: ({ body }) => readForm(body).get('RoleName') ?? '',
  toReply: toQueryError,
  throttled: QUERY_THROTTLED,
  broken: QUERY_BROKEN,
  conflict: QUERY_CONFLICT,
};
