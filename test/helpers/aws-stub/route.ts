import type { IncomingMessage } from 'node:http';
import { isSignedByStubKeys } from '../http-stub.ts';
import { datasync } from './datasync/service.ts';
import { efs } from './efs/service.ts';
import { apigateway } from './gateway/service.ts';
import { iam } from './iam/service.ts';
import { lambda } from './lambda/service.ts';
import { findOperation } from './match.ts';
import { presigned } from './presigned.ts';
import { readForm } from './query-protocol.ts';
import { s3 } from './s3/service.ts';
import { sagemaker } from './sagemaker/service.ts';
import type { AccountState } from './state.ts';
import { sts } from './sts.ts';
import { type Answer, type Call, Refusal, type Service, type ServiceName } from './types.ts';

const SERVICES: readonly Service[] = [lambda, s3, iam, apigateway, sagemaker, efs, datasync, sts];
const GLOBAL: readonly ServiceName[] = ['iam', 'sts'];

/** A request and who has to answer it. */
export interface Routed {
  readonly service: Service;
  readonly call: Call;
  readonly isWrite: boolean;
  readonly answer: Answer;
}

/** Refuses keys, regions and rights that are not those of the account's user. */
export function checkCaller(
  request: IncomingMessage,
  { operation }: Call,
  { behaviour, region, accountId }: AccountState,
): void {
  const [scope, service] = readScope(request);
  if (!isSignedByStubKeys(request)) throw toStranger(service);
  if (scope !== region && !GLOBAL.some(name => name === service))
    throw new Refusal(403, 'InvalidSignatureException', 'Credential should be scoped to a valid region.');
  if (behaviour.denied.includes(operation))
    throw new Refusal(
      403,
      service === 's3' || service === 'iam' ? 'AccessDenied' : 'AccessDeniedException',
      `User: arn:aws:iam::${accountId}:user/stub is not authorized to perform: ${service}:${operation} because no identity-based policy allows the ${service}:${operation} action`,
    );
}

/** What services say to keys that they do not know. */
function toStranger(service: string): Refusal {
  const isGlobal = GLOBAL.some(name => name === service);
  return service === 's3'
    ? new Refusal(
        403,
        'InvalidAccessKeyId',
        'The AWS Access Key Id you provided does not exist in our records.',
      )
    : new Refusal(
        403,
        isGlobal ? 'InvalidClientTokenId' : 'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
}

function readScope({ headers }: IncomingMessage): readonly [region: string, service: string] {
  const [, region = '', service = ''] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '') ?? [];
  return [region, service];
}

/** Finds the service by what the request is signed for, and the operation by its path, or by its body for IAM and STS. */
export function route(request: IncomingMessage, body: Buffer, state: AccountState): Routed {
  const url = new URL(request.url ?? '/', state.endpoint);
  const [, name] = readScope(request);
  const service = url.pathname.startsWith('/presigned/')
    ? presigned
    : SERVICES.find(found => found.name === name);
  const isForm = service === iam || service === sts;
  const query = isForm ? readForm(body) : (readAction(request) ?? url.searchParams);
  const found = service ? findOperation(service.operations, request.method ?? '', url.pathname, query) : null;
  const { headers } = request;
  const call: Call = {
    operation: found?.operation.name ?? 'Unknown',
    params: found?.params ?? {},
    query,
    headers,
    body,
  };
  const answer = found?.operation.answer ?? refuseUnknown(`${request.method} ${url.pathname}`);
  return { service: service ?? lambda, call, isWrite: found?.operation.isWrite ?? true, answer };
}

/** The JSON protocol names its operation in a header: `SageMaker.CreateModel`. */
function readAction({ headers }: IncomingMessage): URLSearchParams | null {
  const [, action] = /\.(\w+)$/.exec(String(headers['x-amz-target'] ?? '')) ?? [];
  return action === undefined ? null : new URLSearchParams({ Action: action });
}

function refuseUnknown(what: string): Answer {
  return () => {
    throw new Refusal(501, 'NotImplemented', `[stub] has no operation for ${what}`);
  };
}
