import { formatClfTime } from './clf-time.ts';
import { findHeader, groupHeaders, hostName, withForwarded } from './headers.ts';
import { hasMediaType } from './media-types.ts';
import { groupQuery } from './query.ts';
import type { GatewayRequest, GatewaySettings, Header, Json } from './types.ts';

/** What a REST API does not pass on of a request's headers. */
const NOT_PASSED = /^content-length$/i;

/** Whoever calls is nobody: no IAM, no Cognito. */
const NOBODY = {
  cognitoIdentityPoolId: null,
  accountId: null,
  cognitoIdentityId: null,
  caller: null,
  principalOrgId: null,
  accessKey: null,
  cognitoAuthenticationType: null,
  cognitoAuthenticationProvider: null,
  userArn: null,
  user: null,
};

/**
 * Payload format 1.0 of a REST API with the resources `/` and `/{proxy+}`; what is not there is null.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function toV1Event(request: GatewayRequest, settings: GatewaySettings): Json {
  const { method, path } = request;
  const isRoot = path === '/';
  const resource = isRoot ? '/' : '/{proxy+}';
  const headers = groupHeaders(withForwarded(request).filter(([name]: Header) => !NOT_PASSED.test(name)));
  const query = groupQuery(request.query);
  return {
    resource,
    path,
    httpMethod: method,
    headers: lastOf(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: query.size > 0 ? lastOf(query) : null,
    multiValueQueryStringParameters: query.size > 0 ? Object.fromEntries(query) : null,
    pathParameters: isRoot ? null : { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: toContext(request, settings, resource),
    ...toBody(request, settings),
  };
}

function lastOf(groups: ReadonlyMap<string, readonly string[]>): Json {
  return Object.fromEntries([...groups].map(([name, values]) => [name, values.at(-1)]));
}

function toContext(request: GatewayRequest, { stage }: GatewaySettings, resource: string): Json {
  const domainName = hostName(request.headers);
  const domainPrefix = domainName.split('.')[0];
  return {
    resourceId: resource === '/' ? 'rootid' : 'proxyid',
    resourcePath: resource,
    httpMethod: request.method,
    extendedRequestId: Buffer.from(request.id.slice(0, 11)).toString('base64'),
    requestTime: formatClfTime(request.time),
    path: `/${stage}${request.path}`,
    accountId: '123456789012',
    protocol: request.protocol,
    stage,
    domainPrefix,
    requestTimeEpoch: request.time.getTime(),
    requestId: request.id,
    identity: {
      ...NOBODY,
      sourceIp: request.sourceIp,
      userAgent: findHeader(request.headers, 'user-agent') ?? null,
    },
    domainName,
    apiId: domainPrefix,
  };
}

/** What is not among the binary media types goes through text, which ruins bytes that are none. */
function toBody({ headers, body }: GatewayRequest, { binaryMediaTypes }: GatewaySettings): Json {
  if (body.length === 0) return { body: null, isBase64Encoded: false };
  const isBinary = hasMediaType(binaryMediaTypes, findHeader(headers, 'content-type') ?? 'application/json');
  return { body: Buffer.from(body).toString(isBinary ? 'base64' : 'utf8'), isBase64Encoded: isBinary };
}
