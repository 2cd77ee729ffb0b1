import { isDeepStrictEqual } from 'node:util';
import type { Cors, CreateFunctionUrlConfigRequest } from '@aws-sdk/client-lambda';
import { orNothing, takeIfDone } from '../aws-cause.ts';
import type { CorsSettings, DeployedUrl, UrlSettings } from '../types.ts';
import { toTarget } from './function-ref.ts';
import type { PatientLambda } from './open-lambda.ts';
import { retryConflict } from './retry-conflict.ts';

/** Of the API's answers, which are the same to reading and to setting. */
interface Found {
  readonly FunctionUrl: string | undefined;
  readonly AuthType: 'NONE' | 'AWS_IAM' | undefined;
  readonly InvokeMode?: 'BUFFERED' | 'RESPONSE_STREAM' | undefined;
  readonly Cors?: Cors | undefined;
}

/** Each alias may have one of its own; null where there is none. */
export async function readUrl(
  { call }: PatientLambda,
  name: string,
  qualifier: string | null,
): Promise<DeployedUrl | null> {
  const found = await orNothing(
    call(`Reading the URL of ${name}`, (lambda, options) =>
      lambda.getFunctionUrlConfig(toTarget({ name, qualifier }), options),
    ),
  );
  return found && toUrl(found);
}

/** One that is there already as it should be is taken for an answer that was lost. */
export async function createUrl(
  lambda: PatientLambda,
  name: string,
  qualifier: string | null,
  settings: UrlSettings,
): Promise<DeployedUrl> {
  const request = toRequest(name, qualifier, settings);
  const create = () =>
    lambda.call(`Creating the URL of ${name}`, (client, options) =>
      client.createFunctionUrlConfig(request, options),
    );
  const findSame = async () => {
    const found = await readUrl(lambda, name, qualifier);
    if (found === null) return null;
    const { url: _, ...there } = found;
    const { auth, mode, cors } = settings;
    return isDeepStrictEqual(there, { auth, mode, cors }) ? found : null;
  };
  const written = retryConflict(lambda, name, create).then(toUrl);
  return takeIfDone(written, ['ResourceConflictException'], findSame);
}

/** The address stays. */
export async function updateUrl(
  lambda: PatientLambda,
  name: string,
  qualifier: string | null,
  settings: UrlSettings,
): Promise<DeployedUrl> {
  // Empty ones take away those that it has.
  const request = { Cors: {}, ...toRequest(name, qualifier, settings) };
  const update = () =>
    lambda.call(`Updating the URL of ${name}`, (client, options) =>
      client.updateFunctionUrlConfig(request, options),
    );
  return toUrl(await retryConflict(lambda, name, update));
}

function toRequest(
  name: string,
  qualifier: string | null,
  { auth, mode, cors }: UrlSettings,
): CreateFunctionUrlConfigRequest {
  return {
    ...toTarget({ name, qualifier }),
    AuthType: auth === 'none' ? 'NONE' : 'AWS_IAM',
    InvokeMode: mode === 'stream' ? 'RESPONSE_STREAM' : 'BUFFERED',
    ...(cors ? { Cors: toCors(cors) } : {}),
  };
}

function toCors({ origins, methods, headers }: CorsSettings): Cors {
  return { AllowOrigins: [...origins], AllowMethods: [...methods], AllowHeaders: [...headers] };
}

function toUrl({ FunctionUrl, AuthType, InvokeMode, Cors }: Found): DeployedUrl {
  return {
    url: FunctionUrl ?? '',
    auth: AuthType === 'NONE' ? 'none' : 'iam',
    mode: InvokeMode === 'RESPONSE_STREAM' ? 'stream' : 'buffer',
    cors: readCors(Cors),
  };
}

function readCors({
  AllowOrigins: origins = [],
  AllowMethods: methods = [],
  AllowHeaders: headers = [],
}: Cors = {}): CorsSettings | null {
  return origins.length + methods.length + headers.length > 0 ? { origins, methods, headers } : null;
}
