import type { DescribeEndpointOutput } from '@aws-sdk/client-sagemaker';
import { rest } from '../ask-again.ts';
import { takeIfDone } from '../aws-cause.ts';
import type { PatientSagemaker } from './open-sagemaker-api.ts';
import { orMissing } from './or-missing.ts';
import { toTags } from './to-tags.ts';
import type { DeployedEndpoint } from './types.ts';

const REFUSALS = ['ValidationException', 'ValidationError', 'ResourceInUse'];

/** Null where there is none of this name. */
export async function readEndpoint(
  { call }: PatientSagemaker,
  name: string,
): Promise<DeployedEndpoint | null> {
  const found = await orMissing(
    call(`Reading the endpoint ${name}`, (sagemaker, http) =>
      sagemaker.describeEndpoint({ EndpointName: name }, http),
    ),
  );
  return found && toEndpoint(found);
}

function toEndpoint(found: DescribeEndpointOutput): DeployedEndpoint {
  // While it is made, or after that failed, the variants are not told, or only as pending.
  const variants = found.ProductionVariants ?? found.PendingDeploymentSummary?.ProductionVariants ?? [];
  return {
    name: found.EndpointName ?? '',
    arn: found.EndpointArn ?? '',
    config: found.EndpointConfigName ?? '',
    status: found.EndpointStatus ?? '',
    failure: found.FailureReason ?? null,
    isServerless: variants.every(({ CurrentServerlessConfig }) => CurrentServerlessConfig !== undefined),
  };
}

/** Begins to create an endpoint; one of the name with this configuration is taken for an answer that was lost. */
export async function createEndpoint(
  on: PatientSagemaker,
  name: string,
  config: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const creating = on.call(`Creating the endpoint ${name}`, (sagemaker, http) =>
    sagemaker.createEndpoint({ EndpointName: name, EndpointConfigName: config, Tags: toTags(tags) }, http),
  );
  await takeIfDone(
    creating.then(() => true),
    REFUSALS,
    async () => ((await readEndpoint(on, name))?.config === config ? true : null),
  );
}

/** Begins to give an endpoint another configuration; that is refused while it is under way already. */
export async function updateEndpoint(on: PatientSagemaker, name: string, config: string): Promise<void> {
  const updating = on.call(`Updating the endpoint ${name}`, (sagemaker, http) =>
    sagemaker.updateEndpoint({ EndpointName: name, EndpointConfigName: config }, http),
  );
  await takeIfDone(
    updating.then(() => true),
    REFUSALS,
    async () => {
      const found = await readEndpoint(on, name);
      return found !== null && (found.status === 'Updating' || found.config === config) ? true : null;
    },
  );
}

/** Deletes an endpoint, and waits until its name is free. */
export async function deleteEndpoint(on: PatientSagemaker, name: string): Promise<void> {
  const { signal, pollMs, waitMs } = on.patience;
  const until = Date.now() + waitMs;
  await orMissing(
    on.call(`Deleting the endpoint ${name}`, (sagemaker, http) =>
      sagemaker.deleteEndpoint({ EndpointName: name }, http),
    ),
  );
  while ((await readEndpoint(on, name)) !== null && Date.now() < until) await rest(10 * pollMs, signal);
}
