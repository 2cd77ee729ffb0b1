import { endpointLog } from '../../aws/sagemaker/endpoint-log.ts';
import { SlimError } from '../../errors.ts';
import type { EndpointPlan, EndpointState, EndpointStep, ModelArchive, WantedEndpoint } from './types.ts';
import { isOwnName } from './want-endpoint.ts';

export interface EndpointPlanRequest {
  readonly region: string;
  readonly archive: ModelArchive;
  readonly wanted: WantedEndpoint;
  readonly state: EndpointState;
}

/**
 * What has to be done, in the order in which it may be done; nothing where the endpoint has this configuration and is in service. So a
 * plan made after a failure is what is left. Throws `SAGEMAKER_NOT_SERVERLESS`, `SAGEMAKER_FAILED_FOREIGN`.
 */
export function planEndpoint(request: EndpointPlanRequest): EndpointPlan {
  const { wanted, state } = request;
  refuseImpossible(state, wanted);
  const isThere = isServing(state, wanted);
  const steps: readonly (EndpointStep | false)[] = [
    !isThere && !state.hasModel && state.object === null && { kind: 'upload' },
    !isThere && !state.hasModel && { kind: 'create-model' },
    !isThere && !state.hasConfig && { kind: 'create-config' },
    isFailed(state) && { kind: 'delete-endpoint' },
    !isThere && (state.endpoint === null || isFailed(state)) && { kind: 'create-endpoint' },
    !isThere && state.endpoint !== null && !isFailed(state) && { kind: 'update-endpoint' },
  ];
  const planned = steps.filter(step => step !== false);
  return { ...request, steps: planned, notes: noteState(request, planned) };
}

/** True where the endpoint is what is wanted. */
export function isServing({ endpoint }: EndpointState, { config }: WantedEndpoint): boolean {
  return endpoint !== null && endpoint.config === config.name && endpoint.status === 'InService';
}

/** SageMaker lets an endpoint that failed only be deleted. */
function isFailed({ endpoint }: EndpointState): boolean {
  return endpoint?.status === 'Failed';
}

function refuseImpossible(state: EndpointState, { name }: WantedEndpoint): void {
  const { endpoint } = state;
  if (endpoint === null) return;
  if (isFailed(state) && !isOwnName(endpoint.config, name))
    throw new SlimError('SAGEMAKER_FAILED_FOREIGN', [name, endSentence(endpoint.failure)]);
  if (!isFailed(state) && !endpoint.isServerless) throw new SlimError('SAGEMAKER_NOT_SERVERLESS', [name]);
}

/** AWS's reason as a sentence. */
export function endSentence(reason: string | null): string {
  const text = reason?.trim() || 'SageMaker gives no reason';
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function noteState(
  { state, wanted }: EndpointPlanRequest,
  steps: readonly EndpointStep[],
): readonly string[] {
  const kinds = steps.map(({ kind }) => kind);
  const notes: string[] = [];
  if (kinds.includes('delete-endpoint'))
    notes.push(
      `The endpoint failed when it was made (${endSentence(state.endpoint?.failure ?? null)}) and answers nobody, so it is made anew; its log is ${endpointLog(wanted.name)}.`,
    );
  if (kinds.includes('update-endpoint'))
    notes.push(
      'The endpoint answers with what it has until the new is up; if that does not come up, SageMaker keeps the old.',
    );
  return notes;
}
