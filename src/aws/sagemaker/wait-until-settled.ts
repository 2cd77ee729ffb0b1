import { SlimError } from '../../errors.ts';
import { rest } from '../ask-again.ts';
import { readEndpoint } from './endpoints.ts';
import type { PatientSagemaker } from './open-sagemaker-api.ts';
import type { DeployedEndpoint } from './types.ts';

const UNDER_WAY = /^(?:Creating|Updating|SystemUpdating|RollingBack|Deleting)$/;
const MAX_POLL_MS = 10_000;

/** Looks until nothing is under way with an endpoint. Throws `SAGEMAKER_NOT_READY`, `CANCELLED`, and what AWS says. */
export async function waitUntilSettled(
  on: PatientSagemaker,
  name: string,
  onLook: (endpoint: DeployedEndpoint) => void,
): Promise<DeployedEndpoint | null> {
  const { signal, pollMs, waitMs } = on.patience;
  const until = Date.now() + waitMs;
  for (let pause = pollMs; ; pause = Math.min(2 * pause, MAX_POLL_MS)) {
    const found = await readEndpoint(on, name);
    if (found === null || !UNDER_WAY.test(found.status)) return found;
    onLook(found);
    if (Date.now() >= until) throw new SlimError('SAGEMAKER_NOT_READY', [name, Math.ceil(waitMs / 1000)]);
    await rest(pause, signal);
  }
}
