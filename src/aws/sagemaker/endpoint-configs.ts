import { takeIfDone } from '../aws-cause.ts';
import type { PatientSagemaker } from './open-sagemaker-api.ts';
import { orMissing } from './or-missing.ts';
import { toTags } from './to-tags.ts';
import type { NewEndpointConfig } from './types.ts';

/** A serverless endpoint has one. */
const VARIANT = 'AllTraffic';

export async function hasEndpointConfig({ call }: PatientSagemaker, name: string): Promise<boolean> {
  const asked = call(`Looking for the endpoint configuration ${name}`, (sagemaker, http) =>
    sagemaker.describeEndpointConfig({ EndpointConfigName: name }, http),
  );
  return (await orMissing(asked)) !== null;
}

/** Creates a serverless configuration; one of the name is the same, and taken for an answer that was lost. */
export async function createEndpointConfig(on: PatientSagemaker, config: NewEndpointConfig): Promise<void> {
  const { name, model, memoryMiB, maxConcurrency, provisionedConcurrency, tags } = config;
  const creating = on.call(`Creating the endpoint configuration ${name}`, (sagemaker, http) =>
    sagemaker.createEndpointConfig(
      {
        EndpointConfigName: name,
        ProductionVariants: [
          {
            VariantName: VARIANT,
            ModelName: model,
            ServerlessConfig: {
              MemorySizeInMB: memoryMiB,
              MaxConcurrency: maxConcurrency,
              ...(provisionedConcurrency === null ? {} : { ProvisionedConcurrency: provisionedConcurrency }),
            },
          },
        ],
        Tags: toTags(tags),
      },
      http,
    ),
  );
  await takeIfDone(
    creating.then(() => true),
    ['ValidationException', 'ValidationError', 'ResourceInUse'],
    async () => ((await hasEndpointConfig(on, name)) ? true : null),
  );
}
