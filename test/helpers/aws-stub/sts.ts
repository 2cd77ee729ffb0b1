import {
  action,
  answerAction,
  QUERY_BROKEN,
  QUERY_CONFLICT,
  QUERY_THROTTLED,
  toQueryError,
} from './query-protocol.ts';
import type { Service } from './types.ts';

export const sts: Service = {
  name: 'sts',
  operations: [
    action('GetCallerIdentity', (_call, { accountId }) =>
      answerAction('GetCallerIdentity', {
        UserId: 'AIDASTUB',
        Account: accountId,
        Arn: `arn:aws:iam::${accountId}:user/stub`,
      }),
    ),
  ],
  target: () => '',
  toReply: toQueryError,
  throttled: QUERY_THROTTLED,
  broken: QUERY_BROKEN,
  conflict: QUERY_CONFLICT,
};
