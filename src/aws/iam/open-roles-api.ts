import type { IAM } from '@aws-sdk/client-iam';
import { makeLazyCall } from '../lazy-call.ts';
import { toPatientConfig } from '../patience.ts';
import type { Patience, RolesApi } from '../types.ts';
import { createRole } from './create-role.ts';
import { findRole } from './find-role.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Roles in IAM, which has no regions; `region` is that of the function, whose log the role may write. */
export function openRolesApi(env: Env, region: string, patience: Patience): RolesApi {
  const call = makeLazyCall(() => openIam(env, region, patience), patience.signal);
  return {
    find: async name => (await findRole(call, name))?.Arn ?? null,
    create: (name, needs) => createRole(call, name, needs, region),
  };
}

async function openIam(env: Env, region: string, patience: Patience): Promise<IAM> {
  const { IAM } = await import('@aws-sdk/client-iam');
  return new IAM({ ...toPatientConfig(env, 'IAM', patience), region });
}
