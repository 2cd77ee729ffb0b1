import type { SageMaker } from '@aws-sdk/client-sagemaker';
import type { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import type { Call } from '../call.ts';
import { makeLazyCall } from '../lazy-call.ts';
import { completePatience, toPatientConfig } from '../patience.ts';
import type { Patience } from '../types.ts';
import { createEndpointConfig, hasEndpointConfig } from './endpoint-configs.ts';
import { createEndpoint, deleteEndpoint, readEndpoint, updateEndpoint } from './endpoints.ts';
import { invokeEndpoint } from './invoke-endpoint.ts';
import { createModel, hasModel } from './models.ts';
import type { SagemakerApi } from './types.ts';
import { waitUntilSettled } from './wait-until-settled.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Calls SageMaker's API for one who waits. */
export interface PatientSagemaker {
  readonly call: Call<SageMaker>;
  readonly patience: Required<Patience>;
}

/** An endpoint takes minutes to come up, and longer until SageMaker gives it up. */
const WAIT_MS = 45 * 60_000;

/** SageMaker in a region; nothing is asked of AWS yet, and each SDK is loaded when it is first needed. */
export function openSagemakerApi(env: Env, region: string, patience: Patience): SagemakerApi {
  const { signal } = patience;
  const on: PatientSagemaker = {
    call: makeLazyCall(() => openSagemaker(env, region, patience), signal),
    patience: completePatience({ waitMs: WAIT_MS, ...patience }),
  };
  const runtime = makeLazyCall(() => openRuntime(env, region, patience), signal);
  return {
    hasModel: name => hasModel(on, name),
    createModel: model => createModel(on, model),
    hasEndpointConfig: name => hasEndpointConfig(on, name),
    createEndpointConfig: config => createEndpointConfig(on, config),
    readEndpoint: name => readEndpoint(on, name),
    createEndpoint: (name, config, tags) => createEndpoint(on, name, config, tags),
    updateEndpoint: (name, config) => updateEndpoint(on, name, config),
    deleteEndpoint: name => deleteEndpoint(on, name),
    waitUntilSettled: (name, onLook) => waitUntilSettled(on, name, onLook),
    invoke: request => invokeEndpoint(runtime, request),
  };
}

async function openSagemaker(env: Env, region: string, patience: Patience): Promise<SageMaker> {
  const { SageMaker } = await import('@aws-sdk/client-sagemaker');
  return new SageMaker({ ...toPatientConfig(env, 'SAGEMAKER', patience), region });
}

async function openRuntime(env: Env, region: string, patience: Patience): Promise<SageMakerRuntime> {
  const { SageMakerRuntime } = await import('@aws-sdk/client-sagemaker-runtime');
  return new SageMakerRuntime({ ...toPatientConfig(env, 'SAGEMAKER_RUNTIME', patience), region });
}
