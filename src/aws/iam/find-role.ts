import type { IAM, Role } from '@aws-sdk/client-iam';
import { orNothing } from '../aws-cause.ts';
import type { Call } from '../call.ts';

/** Null where there is none of this name. */
export async function findRole(call: Call<IAM>, name: string): Promise<Role | null> {
  const found = await orNothing(
    call(`Looking for the role ${name}`, (iam, http) => iam.getRole({ RoleName: name }, http)),
  );
  return found?.Role ?? null;
}
