import { parseArn } from '../arn.ts';
import type { RoleNeeds } from '../types.ts';

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
  const log = `arn:${partition}:logs:${region}:${account}:log-group:/aws/lambda/${needs.functionName}:*`;
  const statements: Statement[] = [
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: log,
    },
  ];
  if (needs.vpc) statements.push(NETWORK);
  if (needs.accessPoint !== null) statements.push(toMount(needs.accessPoint));
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

/** The ARN of an access point does not name its file system; the condition leaves only that one. */
function toMount(accessPoint: string): Statement {
  const { partition, region, account } = parseArn(accessPoint);
  return {
    Effect: 'Allow',
    Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
    Resource: `arn:${partition}:elasticfilesystem:${region}:${account}:file-system/*`,
    Condition: { StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint } },
  };
}
