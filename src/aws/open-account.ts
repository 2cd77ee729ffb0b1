import { openDataSyncApi } from './datasync/open-datasync-api.ts';
import { openEfsApi } from './efs/open-efs-api.ts';
import { explainAwsError } from './explain-aws-error.ts';
import { openHttpApisApi } from './http-api/open-http-apis-api.ts';
import { openRolesApi } from './iam/open-roles-api.ts';
import { openLambdaApi } from './lambda/open-lambda-api.ts';
import { completePatience, toPatientConfig } from './patience.ts';
import { openObjectsApi } from './s3/open-objects-api.ts';
import type { Account, Patience } from './types.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Opens the account and the region that `env` and AWS's files name; nothing is asked of AWS yet, and only Lambda's SDK is
 * loaded. Throws `AWS_REGION_MISSING`.
 */
export async function openAccount(env: Env, patience: Patience): Promise<Account> {
  const region = await resolveRegion(env, patience);
  return {
    region,
    lambda: await openLambdaApi(env, patience),
    objects: openObjectsApi(env, region, patience),
    roles: openRolesApi(env, region, patience),
    httpApis: openHttpApisApi(env, region, patience),
    efs: openEfsApi(env, region, patience),
    dataSync: openDataSyncApi(env, region, patience),
    patience: completePatience(patience),
  };
}

/** The profile may say it, which the SDK knows how to find. */
async function resolveRegion(env: Env, patience: Patience): Promise<string> {
  const { Lambda } = await import('@aws-sdk/client-lambda');
  const client = new Lambda(toPatientConfig(env, 'LAMBDA', patience));
  try {
    return await client.config.region();
  } catch (error) {
    throw explainAwsError(error, 'Looking for the region');
  }
}
