import { orNothing } from '../aws-cause.ts';
import type { ProvisionedConcurrency } from '../types.ts';
import type { PatientLambda } from './open-lambda.ts';
import { retryConflict } from './retry-conflict.ts';

const STATUS = { IN_PROGRESS: 'in-progress', READY: 'ready', FAILED: 'failed' } as const;

/** Of the API's answers, which are the same to reading and to setting. */
interface Found {
  readonly RequestedProvisionedConcurrentExecutions?: number | undefined;
  readonly AvailableProvisionedConcurrentExecutions?: number | undefined;
  readonly Status?: keyof typeof STATUS | undefined;
  readonly StatusReason?: string | undefined;
}

/** Of an alias or a version; null where it has none. */
export async function readProvisioned(
  { call }: PatientLambda,
  name: string,
  qualifier: string,
): Promise<ProvisionedConcurrency | null> {
  const found = await orNothing(
    call(`Reading the provisioned concurrency of ${name}:${qualifier}`, (lambda, options) =>
      lambda.getProvisionedConcurrencyConfig({ FunctionName: name, Qualifier: qualifier }, options),
    ),
  );
  return found && toProvisioned(found);
}

/** Only asks for it: until it is ready minutes may pass. */
export async function putProvisioned(
  lambda: PatientLambda,
  name: string,
  qualifier: string,
  count: number,
): Promise<ProvisionedConcurrency> {
  const request = { FunctionName: name, Qualifier: qualifier, ProvisionedConcurrentExecutions: count };
  const put = () =>
    lambda.call(`Setting the provisioned concurrency of ${name}:${qualifier}`, (client, options) =>
      client.putProvisionedConcurrencyConfig(request, options),
    );
  return toProvisioned(await retryConflict(lambda, name, put));
}

function toProvisioned(found: Found): ProvisionedConcurrency {
  return {
    requested: found.RequestedProvisionedConcurrentExecutions ?? 0,
    available: found.AvailableProvisionedConcurrentExecutions ?? 0,
    status: STATUS[found.Status ?? 'IN_PROGRESS'],
    reason: found.StatusReason ?? null,
  };
}
