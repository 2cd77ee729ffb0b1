import type { Role } from '../iam/state.ts';
import type { AccountState } from '../state.ts';
import { invalid } from './refusals.ts';
import type { Settings } from './state.ts';

const VPC_POLICY = 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole';

/** Refuses a role that is not there, does not trust Lambda, or is too new. */
export function checkAssumable(arn: string, state: AccountState): void {
  const role = findRole(arn, state);
  const isNew = role !== undefined && role.refusals > 0;
  if (isNew) role.refusals--;
  if (!role || isNew || !trustsLambda(role))
    throw invalid('The role defined for the function cannot be assumed by Lambda.');
}

/** Refuses a VPC where the role lacks the rights that it needs. */
export function checkVpcRights({ Role: arn, VpcConfig }: Settings, state: AccountState): void {
  const role = findRole(arn, state);
  if ((VpcConfig?.SubnetIds?.length ?? 0) === 0 || (role && mayMakeInterfaces(role))) return;
  throw invalid(
    'The provided execution role does not have permissions to call CreateNetworkInterface on EC2',
  );
}

function findRole(arn: string, { roles }: AccountState): Role | undefined {
  return [...roles.values()].find(role => role.arn === arn);
}

function trustsLambda({ trust }: Role): boolean {
  return trust.includes('"lambda.amazonaws.com"') && trust.includes('"sts:AssumeRole"');
}

function mayMakeInterfaces({ attached, inline }: Role): boolean {
  const right = 'ec2:CreateNetworkInterface';
  return attached.has(VPC_POLICY) || [...inline.values()].some(document => document.includes(right));
}
