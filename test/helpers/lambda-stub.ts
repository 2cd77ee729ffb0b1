import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import {
  fail,
  isSignedByStubKeys,
  readBody,
  type StubEnv,
  send,
  toStubEnv,
  withServer,
} from './http-stub.ts';
import { toLog } from './lambda-log.ts';

/** A deployed function of the stub; what is left out is as harmless as it can be. */
export interface StubFunction {
  readonly answer?: (event: unknown, start: { readonly cold: boolean }) => unknown;
  readonly variables?: Readonly<Record<string, string>> | null;
  /** Aliases with provisioned concurrency: never an init. */
  readonly provisioned?: readonly string[];
  readonly aliases?: readonly string[];
  /** How many invocations are throttled first. */
  readonly throttled?: number;
  readonly log?: 'text' | 'json' | 'none';
  /** KMS refuses: the environment has an error instead of variables. */
  readonly kmsRefuses?: boolean;
  readonly updateFails?: boolean;
  /** Called before each update is looked at; may change `variables` as another person would. */
  readonly onUpdate?: (live: LiveFunction) => void;
}

/** What became of a function meanwhile. */
export interface LiveFunction {
  variables: Record<string, string> | null;
  revision: string;
  /** Looks at the configuration until the update is done. */
  pending: number;
  status: 'Successful' | 'InProgress' | 'Failed';
  idle: number;
  invocations: number;
  updates: Record<string, string>[];
  throttled: number;
}

export interface LambdaStub {
  readonly env: StubEnv;
  readonly functions: ReadonlyMap<string, LiveFunction>;
  /** Requests as `GET configuration name`. */
  readonly requests: readonly string[];
}

const MAX_ENVIRONMENT_BYTES = 4096;

/** A Lambda API on loopback that refuses what AWS refuses; texts are those that facts/aws.md records. */
export async function withLambdaStub<T>(
  functions: Readonly<Record<string, StubFunction>>,
  use: (stub: LambdaStub) => Promise<T>,
): Promise<T> {
  const live = new Map(Object.entries(functions).map(([name, fn]) => [name, toLive(fn)]));
  const requests: string[] = [];
  return withServer(serve, port => use({ env: toStubEnv(port), functions: live, requests }));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stub');
    const [, name = '', call = ''] = /^\/2015-03-31\/functions\/([^/]+)\/(\w+)$/.exec(url.pathname) ?? [];
    requests.push(`${request.method} ${call} ${name}`);
    if (!isSignedByStubKeys(request))
      return fail(
        response,
        403,
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    const body = (await readBody(request)).toString();
    const [fn, state] = [functions[name], live.get(name)];
    const qualifier = url.searchParams.get('Qualifier') ?? '$LATEST';
    const known = ['$LATEST', ...(fn?.aliases ?? []), ...(fn?.provisioned ?? [])];
    if (!fn || !state || !known.includes(qualifier))
      return fail(
        response,
        404,
        'ResourceNotFoundException',
        `Function not found: arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
      );
    if (call === 'invocations' && request.method === 'POST')
      return invoke(fn, state, qualifier, request, body, response);
    if (call === 'configuration' && request.method === 'GET')
      return send(response, 200, describe(fn, state, name));
    if (call === 'configuration' && request.method === 'PUT') return update(fn, state, name, body, response);
    return fail(response, 404, 'UnknownOperationException', 'no such operation');
  }
}

function toLive(fn: StubFunction): LiveFunction {
  return {
    variables: fn.variables === undefined ? null : (fn.variables as Record<string, string> | null),
    revision: randomUUID(),
    pending: 0,
    status: 'Successful',
    idle: 0,
    invocations: 0,
    updates: [],
    throttled: fn.throttled ?? 0,
  };
}

async function invoke(
  fn: StubFunction,
  state: LiveFunction,
  qualifier: string,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): Promise<void> {
  if (state.throttled > 0) {
    state.throttled--;
    return fail(response, 429, 'TooManyRequestsException', 'Rate Exceeded.');
  }
  const provisioned = fn.provisioned?.includes(qualifier) ?? false;
  const cold = !provisioned && state.idle === 0;
  if (!cold && !provisioned) state.idle--;
  state.invocations++;
  await delay(5);
  const headers: Record<string, string> = {};
  let payload: unknown;
  try {
    payload = fn.answer?.(JSON.parse(body), { cold }) ?? null;
  } catch (error) {
    headers['X-Amz-Function-Error'] = 'Unhandled';
    payload = { errorType: (error as Error).name, errorMessage: (error as Error).message, trace: [] };
  }
  if (!provisioned) state.idle++;
  if (request.headers['x-amz-log-type'] === 'Tail')
    headers['X-Amz-Log-Result'] = Buffer.from(toLog(fn.log ?? 'text', cold)).toString('base64');
  response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(payload));
}

function describe(fn: StubFunction, state: LiveFunction, name: string): object {
  if (state.status === 'InProgress' && --state.pending < 0)
    state.status = fn.updateFails ? 'Failed' : 'Successful';
  const environment = fn.kmsRefuses
    ? { Environment: { Error: { ErrorCode: 'AccessDeniedException', Message: 'KMS refused' } } }
    : state.variables === null
      ? {}
      : { Environment: { Variables: state.variables } };
  return {
    FunctionName: name,
    CodeSize: 1_234_567,
    State: 'Active',
    LastUpdateStatus: state.status,
    ...(state.status === 'Failed' ? { LastUpdateStatusReason: 'The image is gone' } : {}),
    RevisionId: state.revision,
    ...environment,
  };
}

function update(
  fn: StubFunction,
  state: LiveFunction,
  name: string,
  body: string,
  response: ServerResponse,
): void {
  fn.onUpdate?.(state);
  const { Environment, RevisionId, ...others } = JSON.parse(body);
  const variables = Environment?.Variables;
  const refusal =
    Object.keys(others).length > 0 || !variables
      ? INVALID(`the stub takes variables only: ${body}`)
      : findRefusal(state, name, RevisionId, variables);
  if (refusal) {
    fail(response, ...refusal);
    return;
  }
  Object.assign(state, { variables, revision: randomUUID(), pending: 1, status: 'InProgress', idle: 0 });
  state.updates.push(variables);
  send(response, 200, describe(fn, { ...state }, name));
}

type Refusal = readonly [status: number, type: string, message: string];

const INVALID = (message: string): Refusal => [400, 'InvalidParameterValueException', message];

function findRefusal(
  state: LiveFunction,
  name: string,
  revision: string,
  variables: Readonly<Record<string, string>>,
): Refusal | null {
  if (state.status === 'InProgress')
    return [
      409,
      'ResourceConflictException',
      `The operation cannot be performed at this time. An update is in progress for resource: ${name}`,
    ];
  if (revision !== state.revision)
    return [
      412,
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    ];
  if (Buffer.byteLength(JSON.stringify(variables)) <= MAX_ENVIRONMENT_BYTES) return null;
  return INVALID(
    'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
  );
}
