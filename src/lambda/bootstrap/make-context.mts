import { Buffer } from 'node:buffer';
import process from 'node:process';
import { runtimeError } from './describe-error.mts';
import type { Invocation } from './runtime-client.mts';

/** What a handler is told beside the event; `awsRequestId` and more. */
export interface HandlerContext {
  readonly awsRequestId: string;
  readonly [field: string]: unknown;
}

/** Makes the context of Lambda's runtime client from what came with the event. */
export function makeContext({ headers }: Pick<Invocation, 'headers'>, major: number): HandlerContext {
  const { env } = process;
  const header = (name: string): string | undefined => {
    const value = headers[`lambda-runtime-${name}`];
    return typeof value === 'string' ? value : undefined;
  };
  const deadline = Number(header('deadline-ms'));
  const traceId = header('trace-id');
  if (traceId === undefined) delete env._X_AMZN_TRACE_ID;
  else env._X_AMZN_TRACE_ID = traceId;
  return {
    clientContext: parseHeader(header('client-context'), 'client-context'),
    identity: parseHeader(header('cognito-identity'), 'cognito-identity'),
    invokedFunctionArn: header('invoked-function-arn'),
    awsRequestId: header('aws-request-id') ?? '',
    tenantId: header('aws-tenant-id'),
    ...(major >= 24 ? { xRayTraceId: traceId } : {}),
    getRemainingTimeInMillis: () => deadline - Date.now(),
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
  };
}

/** Headers come as bytes, one a character; those of JSON are UTF-8. */
function parseHeader(value: string | undefined, name: string): unknown {
  if (!value) return undefined;
  try {
    return JSON.parse(Buffer.from(value, 'latin1').toString());
  } catch (error) {
    throw runtimeError('Runtime.PlatformError', `Failed to parse ${name} as JSON: ${String(error)}`);
  }
}
