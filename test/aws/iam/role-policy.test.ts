import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toRolePolicy } from '../../../src/aws/iam/role-policy.ts';

const ROLE = 'arn:aws-cn:iam::123456789012:role/classify-lambda-slim';
const ACCESS_POINT =
  'arn:aws-cn:elasticfilesystem:cn-north-1:123456789012:access-point/fsap-0123456789abcdef0';
const NEEDS = { functionName: 'classify', vpc: false, accessPoint: null };

const actionsOf = (needs: Parameters<typeof toRolePolicy>[0]): readonly string[] =>
  toRolePolicy(needs, ROLE, 'cn-north-1').Statement.flatMap(statement => statement.Action);

test('a role may write the log of its function, and nothing else', () => {
  assert.equal(toRolePolicy(NEEDS, ROLE, 'cn-north-1'), {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/lambda/classify:*',
      },
    ],
  });
});

test('rights on network interfaces only in a VPC, on EFS only with an access point, and only by way of it', () => {
  assert.ok(actionsOf({ ...NEEDS, vpc: true }).includes('ec2:CreateNetworkInterface'));
  assert.not(actionsOf({ ...NEEDS, vpc: true }).some(action => action.startsWith('elasticfilesystem:')));
  const { Statement } = toRolePolicy({ ...NEEDS, vpc: true, accessPoint: ACCESS_POINT }, ROLE, 'cn-north-1');
  assert.is(Statement.length, 3);
  assert.equal(Statement[2], {
    Effect: 'Allow',
    Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
    Resource: 'arn:aws-cn:elasticfilesystem:cn-north-1:123456789012:file-system/*',
    Condition: { StringEquals: { 'elasticfilesystem:AccessPointArn': ACCESS_POINT } },
  });
});

test('a function that syncs for it writes its own log, and reads the bundle', () => {
  const bundle = { syncFunction: 'classify-efs-sync', bucket: 'models', prefix: 'p/q' };
  const { Statement } = toRolePolicy({ ...NEEDS, bundle }, ROLE, 'eu-west-1');
  assert.equal(
    Statement.map(({ Resource }) => Resource.split(':').slice(2).join(':')),
    [
      'logs:eu-west-1:123456789012:log-group:/aws/lambda/classify:*',
      'logs:eu-west-1:123456789012:log-group:/aws/lambda/classify-efs-sync:*',
      's3:::models/p/q/*',
    ],
  );
});

test('the access point of S3 Files names its file system', () => {
  const accessPoint =
    'arn:aws:s3files:eu-west-1:123456789012:file-system/fs-0123456789abcdef0/access-point/fsap-0123456789abcdef0';
  const { Statement } = toRolePolicy({ ...NEEDS, accessPoint }, ROLE, 'eu-west-1');
  assert.equal(Statement.at(-1), {
    Effect: 'Allow',
    Action: ['s3files:ClientMount', 's3files:ClientWrite'],
    Resource: 'arn:aws:s3files:eu-west-1:123456789012:file-system/fs-0123456789abcdef0',
  });
});

test.run();
