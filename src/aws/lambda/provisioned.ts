import { SlimError } from '../../errors.ts';
import { rest } from '../ask-again.ts';
import { orNothing } from '../aws-cause.ts';
import type { ProvisionedConcurrency } from '../types.ts';
import type { PatientLambda } from './open-lambda.ts';
import { retryConflict } from './retry-conflict.ts';

/** Each look is a call, and seconds do not matter here. */
const POLLS = 10;

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

/** Only asks for it; see `waitUntilProvisioned`. */
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

/** Starting instances takes minutes, longer than anything else that is waited for. */
const WAITS = 8;

/** Waits until all instances are there. Throws `PROVISIONING_FAILED`, and `FUNCTION_NOT_READY` where it lasts too long. */
export async function waitUntilProvisioned(
  lambda: PatientLambda,
  name: string,
  qualifier: string,
): Promise<ProvisionedConcurrency> {
  const { signal, pollMs, waitMs } = lambda.patience;
  const until = Date.now() + WAITS * waitMs;
  for (;;) {
    const found = await readProvisioned(lambda, name, qualifier);
    if (found?.status === 'ready') return found;
    if (found === null || found.status === 'failed')
      throw new SlimError('PROVISIONING_FAILED', [
        `${name}:${qualifier}`,
        found?.reason ?? 'it is not there',
      ]);
    if (Date.now() >= until)
      throw new SlimError('FUNCTION_NOT_READY', [
        `${name}:${qualifier}`,
        `its instances are not started after ${(WAITS * waitMs) / 1000} s`,
      ]);
    await rest(pollMs * POLLS, signal);
  }
}

function toProvisioned(found: Found): ProvisionedConcurrency {
  return {
    requested: found.RequestedProvisionedConcurrentExecutions ?? 0,
    available: found.AvailableProvisionedConcurrentExecutions ?? 0,
    status: STATUS[found.Status ?? 'IN_PROGRESS'],
    reason: found.StatusReason ?? null,
  };
}
