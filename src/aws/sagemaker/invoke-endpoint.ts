import type { ModelError, SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import { SlimError } from '../../errors.ts';
import { awsCause, isAwsError } from '../aws-cause.ts';
import type { Call } from '../call.ts';
import { endpointLog } from './endpoint-log.ts';
import type { EndpointAnswer, EndpointRequest } from './types.ts';

/** Asks an endpoint once. Throws `SAGEMAKER_MODEL_FAILED` where the container answered with a failure, and what AWS says. */
export async function invokeEndpoint(
  call: Call<SageMakerRuntime>,
  { endpoint, body, contentType, accept }: EndpointRequest,
): Promise<EndpointAnswer> {
  try {
    const answer = await call(`Invoking the endpoint ${endpoint}`, (runtime, http) =>
      runtime.invokeEndpoint(
        { EndpointName: endpoint, Body: body, ContentType: contentType, Accept: accept },
        http,
      ),
    );
    return { body: answer.Body ?? new Uint8Array(), contentType: answer.ContentType ?? '' };
  } catch (error) {
    if (!isAwsError(error, 'ModelError')) throw error;
    const { OriginalStatusCode, OriginalMessage, message } = awsCause(error) as ModelError;
    const facts = [endpoint, OriginalStatusCode ?? 500, (OriginalMessage ?? message).trim()] as const;
    throw new SlimError('SAGEMAKER_MODEL_FAILED', [...facts, endpointLog(endpoint)], { cause: error });
  }
}
