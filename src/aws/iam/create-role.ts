import type { IAM, Role } from '@aws-sdk/client-iam';
import { SlimError } from '../../errors.ts';
import { takeIfDone } from '../aws-cause.ts';
import type { Call } from '../call.ts';
import { OWN_TAG } from '../own-tag.ts';
import type { RoleNeeds } from '../types.ts';
import { findRole } from './find-role.ts';
import { TRUST_POLICY, toRolePolicy } from './role-policy.ts';

/**
 * Makes a role that Lambda can take, with an inline policy of its own; gives its ARN. One that is there already is completed if
 * it was made for the same function, and is `ROLE_TAKEN` otherwise. It takes some seconds until Lambda knows a new one.
 */
export async function createRole(
  call: Call<IAM>,
  name: string,
  needs: RoleNeeds,
  region: string,
): Promise<string> {
  const { Arn = '' } = await takeIfDone(
    makeRole(call, name, needs.functionName),
    ['EntityAlreadyExistsException'],
    () => takeOwn(call, name, needs.functionName),
  );
  await call(`Giving rights to the role ${name}`, (iam, http) =>
    iam.putRolePolicy(
      {
        RoleName: name,
        // One a region, since functions of the same name in several regions share their role.
        PolicyName: `lambda-slim-${region}`,
        PolicyDocument: JSON.stringify(toRolePolicy(needs, Arn, region)),
      },
      http,
    ),
  );
  return Arn;
}

async function makeRole(call: Call<IAM>, name: string, functionName: string): Promise<Partial<Role>> {
  const { Role } = await call(`Creating the role ${name}`, (iam, http) =>
    iam.createRole(
      {
        RoleName: name,
        AssumeRolePolicyDocument: JSON.stringify(TRUST_POLICY),
        Description: `Execution role of the Lambda function ${functionName}, made by lambda-slim`,
        Tags: [{ Key: OWN_TAG, Value: functionName }],
      },
      http,
    ),
  );
  return Role ?? {};
}

/** Rights of a role that somebody else made are not for us to change. */
async function takeOwn(call: Call<IAM>, name: string, functionName: string): Promise<Partial<Role> | null> {
  const role = await findRole(call, name);
  const owner = role?.Tags?.find(tag => tag.Key === OWN_TAG)?.Value;
  if (role && owner !== functionName) throw new SlimError('ROLE_TAKEN', [name, functionName]);
  return role;
}
