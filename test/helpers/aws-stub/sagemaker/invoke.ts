import type { AccountState } from '../state.ts';
import { type Call, Refusal, type Reply } from '../types.ts';
import { invalid } from './input.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** Asks the container; what is refused by SageMaker itself is in its words. */
export function invokeEndpoint({ params, headers, body }: Call, state: AccountState): Reply {
  const name = params.EndpointName ?? '';
  const endpoint = state.sagemaker.endpoints.get(name);
  if (!endpoint || !['InService', 'Updating', 'RollingBack'].includes(endpoint.status))
    throw invalid(`Endpoint ${name} of account ${state.accountId} not found.`);
  if (body.length > MAX_BYTES)
    throw invalid(`[stub] Request size ${body.length} exceeds the payload limit of ${MAX_BYTES} bytes`);
  const model = state.sagemaker.models.get(state.sagemaker.configs.get(endpoint.config)?.model ?? '');
  if (!model) throw new Refusal(500, 'InternalFailure', '[stub] the endpoint has no model');
  const answer = state.behaviour.predict({
    model,
    body,
    contentType: String(headers['content-type'] ?? ''),
    accept: String(headers.accept ?? ''),
  });
  if (answer.status < 400)
    return { status: 200, headers: { 'Content-Type': answer.contentType }, body: answer.body };
  throw new Refusal(
    424,
    'ModelError',
    `Received server error (${answer.status}) from primary with message "${answer.body}".`,
    { OriginalStatusCode: String(answer.status), OriginalMessage: answer.body },
  );
}
