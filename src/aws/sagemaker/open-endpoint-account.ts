import { explainAwsError } from '../explain-aws-error.ts';
import { openRolesApi } from '../iam/open-roles-api.ts';
import { toPatientConfig } from '../patience.ts';
import { openObjectsApi } from '../s3/open-objects-api.ts';
import type { ObjectsApi, Patience, RolesApi } from '../types.ts';
import { openSagemakerApi } from './open-sagemaker-api.ts';
import type { SagemakerApi } from './types.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The parts of an account and a region that an endpoint needs. */
export interface EndpointAccount {
  readonly region: string;
  readonly objects: ObjectsApi;
  readonly roles: RolesApi;
  readonly sagemaker: SagemakerApi;
}

/** Opens the account and the region that `env` and AWS's files name; nothing is asked of AWS yet. Throws `AWS_REGION_MISSING`. */
export async function openEndpointAccount(env: Env, patience: Patience): Promise<EndpointAccount> {
  const region = await resolveRegion(env, patience);
  return {
    region,
    objects: openObjectsApi(env, region, patience),
    roles: openRolesApi(env, region, patience),
    sagemaker: openSagemakerApi(env, region, patience),
  };
}

/** The profile may say it, which the SDK knows how to find. */
async function resolveRegion(env: Env, patience: Patience): Promise<string> {
  const { SageMaker } = await import('@aws-sdk/client-sagemaker');
  const client = new SageMaker(toPatientConfig(env, 'SAGEMAKER', patience));
  try {
    return await client.config.region();
  } catch (error) {
    throw explainAwsError(error, 'Looking for the region');
  }
}
