import { isDeepStrictEqual } from 'node:util';
import { describeMissing } from '../aws/http-api/describe-missing.ts';
import type { DeployedUrl, Permission, UrlSettings } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import type { HttpApiSettings, PublishSettings, PublishStep } from '../publish-types.ts';
import type { FrontState } from './types.ts';

/**
 * The two statements that let anyone use a public function URL: since October 2025 new ones need both
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html). A URL with IAM needs none within its own account.
 */
export const URL_PERMISSIONS: readonly Permission[] = [
  {
    id: 'lambda-slim-url',
    action: 'lambda:InvokeFunctionUrl',
    principal: '*',
    sourceArn: null,
    urlAuth: 'none',
    viaUrl: false,
  },
  {
    id: 'lambda-slim-url-invoke',
    action: 'lambda:InvokeFunction',
    principal: '*',
    sourceArn: null,
    urlAuth: null,
    viaUrl: true,
  },
];

/** Steps that make the function answer HTTP. */
export function planFront(
  state: FrontState,
  functionArn: string | null,
  { functionName, front }: PublishSettings,
): readonly PublishStep[] {
  const steps = planUrl(state, front.url);
  return front.httpApi === null
    ? steps
    : [...steps, ...planHttpApi(state, functionArn, functionName, front.httpApi)];
}

/** The statement that lets an HTTP API call the function; the rest of its ARN is that of the function. */
export function httpApiPermission(functionArn: string, apiId: string): Permission {
  const [, partition, , region, account] = functionArn.split(':');
  return {
    id: `lambda-slim-http-${apiId}`,
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
    sourceArn: `arn:${partition}:execute-api:${region}:${account}:${apiId}/*/*`,
    urlAuth: null,
    viaUrl: false,
  };
}

/** Whether a statement that allows as much is there, whoever made it. */
export function hasPermission(permissions: readonly Permission[], wanted: Permission): boolean {
  return permissions.some(has => isDeepStrictEqual({ ...has, id: '' }, { ...wanted, id: '' }));
}

function planUrl({ url, permissions }: FrontState, wanted: UrlSettings | null): readonly PublishStep[] {
  if (wanted === null) return [];
  if (url?.auth === 'none' && wanted.auth === 'iam') throw new SlimError('URL_IS_PUBLIC', [url.url]);
  const lacks = lackingPermissions(permissions, wanted);
  const change = url === null ? 'create' : isSameUrl(url, wanted) ? null : 'update';
  if (change === null && lacks.length === 0) return [];
  return [{ kind: 'url', settings: wanted, change, lacks: lacks.map(({ id }) => id) }];
}

/** Statements that a URL still needs; those of other tools count by what they allow. */
export function lackingPermissions(
  permissions: readonly Permission[],
  { auth }: UrlSettings,
): readonly Permission[] {
  if (auth === 'iam') return [];
  return URL_PERMISSIONS.filter(wanted => !hasPermission(permissions, wanted));
}

export function isSameUrl({ auth, mode, cors }: DeployedUrl, wanted: UrlSettings): boolean {
  // What the settings do not say stays.
  return (
    auth === wanted.auth &&
    mode === wanted.mode &&
    (wanted.cors === null || isDeepStrictEqual(cors, wanted.cors))
  );
}

function planHttpApi(
  { httpApi, permissions }: FrontState,
  functionArn: string | null,
  name: string,
  wanted: HttpApiSettings,
): readonly PublishStep[] {
  const lacking = httpApi?.missing ?? describeMissing(null, { name, target: name, ...wanted });
  const isAllowed =
    functionArn !== null &&
    httpApi?.api != null &&
    hasPermission(permissions, httpApiPermission(functionArn, httpApi.api.id));
  const missing = [...lacking, ...(isAllowed ? [] : ['permission'])];
  return missing.length === 0 ? [] : [{ kind: 'http-api', missing }];
}
