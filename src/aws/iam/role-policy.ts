import { parseArn } from '../arn.ts';
import type { BundleRights, RoleNeeds } from '../types.ts';

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** Lets Lambda, and nobody else, take the role. */
export const TRUST_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
} as const;

/**
 * Writing its own log, and what else it needs. `roleArn` tells partition and account; rights on network interfaces are those of
 * AWS's AWSLambdaVPCAccessExecutionRole, which cannot be narrowed to resources.
 */
export function toRolePolicy(needs: RoleNeeds, roleArn: string, region: string): PolicyDocument {
  const { partition, account } = parseArn(roleArn);
  const { functionName, bundle = null } = needs;
  const names = [functionName, ...(bundle?.syncFunction ? [bundle.syncFunction] : [])];
  const statements: Statement[] = names.map(name => ({
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `arn:${partition}:logs:${region}:${account}:log-group:/aws/lambda/${name}:*`,
  }));
  if (needs.vpc) statements.push(NETWORK);
  if (needs.accessPoint !== null) statements.push(toMount(needs.accessPoint));
  if (bundle) statements.push(toRead(bundle, partition));
  return { Version: '2012-10-17', Statement: statements };
}

const NETWORK: Statement = {
  Effect: 'Allow',
  Action: [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
  Resource: '*',
};

function toRead({ bucket, prefix }: BundleRights, partition: string): Statement {
  return {
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Resource: `arn:${partition}:s3:::${bucket}/${prefix === '' ? '' : `${prefix}/`}*`,
  };
}

/** The ARN of an access point of EFS does not name its file system; the condition leaves only that one. */
function toMount(accessPoint: string): Statement {
  const { partition, region, account, resource } = parseArn(accessPoint);
  if (accessPoint.split(':')[2] === 's3files')
    return {
      Effect: 'Allow',
      Action: ['s3files:ClientMount', 's3files:ClientWrite'],
      Resource: `arn:${partition}:s3files:${region}:${account}:${resource.split('/access-point/')[0]}`,
    };
  return {
    Effect: 'Allow',
    Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
    Resource: `arn:${partition}:elasticfilesystem:${region}:${account}:file-system/*`,
    Condition: { StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint } },
  };
}
