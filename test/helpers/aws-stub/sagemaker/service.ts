import { type Answer, type Operation, operation, Refusal, type Reply, type Service } from '../types.ts';
import { createEndpointConfig, describeEndpointConfig } from './endpoint-configs.ts';
import { createEndpoint, deleteEndpoint, describeEndpoint, updateEndpoint } from './endpoints.ts';
import { invokeEndpoint } from './invoke.ts';
import { createModel, describeModel } from './models.ts';

/** Operations of the JSON protocol all lie at `/`; a header says which one is meant, which `route` hands on as `Action`. */
function target(name: string, answer: Answer): Operation {
  const isWrite = !/^(Describe|List)/.test(name);
  return { name, method: 'POST', path: '/', when: `Action=${name}`, isWrite, answer };
}

/** The API, and the endpoints themselves, which are signed for as one. */
export const sagemaker: Service = {
  name: 'sagemaker',
  operations: [
    target('CreateModel', createModel),
    target('DescribeModel', describeModel),
    target('CreateEndpointConfig', createEndpointConfig),
    target('DescribeEndpointConfig', describeEndpointConfig),
    target('CreateEndpoint', createEndpoint),
    target('UpdateEndpoint', updateEndpoint),
    target('DescribeEndpoint', describeEndpoint),
    target('DeleteEndpoint', deleteEndpoint),
    operation('InvokeEndpoint', 'POST /endpoints/{EndpointName}/invocations', invokeEndpoint, {
      isWrite: false,
    }),
  ],
  target: ({ params, body }) => params.EndpointName ?? readTarget(body),
  toReply: toError,
  throttled: new Refusal(400, 'ThrottlingException', 'Rate exceeded'),
  broken: new Refusal(
    500,
    'InternalFailure',
    'The request processing has failed because of an unknown error.',
  ),
  conflict: new Refusal(400, 'ResourceInUse', '[stub] Resource being accessed is in use.'),
};

function readTarget(body: Buffer): string {
  try {
    const { ModelName, EndpointName, EndpointConfigName } = JSON.parse(body.toString());
    return String(EndpointName ?? EndpointConfigName ?? ModelName ?? '');
  } catch {
    return '';
  }
}

function toError({ status, code, message, facts }: Refusal): Reply {
  const { OriginalStatusCode, ...others } = facts;
  const original = OriginalStatusCode === undefined ? {} : { OriginalStatusCode: Number(OriginalStatusCode) };
  return {
    status,
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'x-amzn-ErrorType': code },
    body: JSON.stringify({ __type: code, message, Message: message, ...others, ...original }),
  };
}
