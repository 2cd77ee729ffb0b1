import { isUtf8 } from 'node:buffer';
import { formatClfTime } from './clf-time.ts';
import { findHeader, groupHeaders, hostName, withForwarded } from './headers.ts';
import { isTextType } from './media-types.ts';
import { decodePath, groupQuery } from './query.ts';
import type { GatewayRequest, GatewaySettings, Json } from './types.ts';

const ACCOUNTS = { http: '123456789012', url: 'anonymous' };

/**
 * Payload format 2.0, of HTTP APIs and function URLs. An HTTP API decodes `rawPath` in spite of its name, and puts the
 * stage before it; a function URL does neither.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toV2Event(request: GatewayRequest, settings: GatewaySettings): Json {
  const cookies = toCookies(request);
  const query = [...groupQuery(request.query)].map(([key, values]) => [key, values.join(',')]);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: toRawPath(request.path, settings),
    rawQueryString: request.query,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers: toHeaders(request),
    ...(query.length > 0 ? { queryStringParameters: Object.fromEntries(query) } : {}),
    requestContext: toContext(request, settings),
    ...toBody(request),
  };
}

function toRawPath(path: string, { api, stage }: GatewaySettings): string {
  if (api === 'url') return path;
  return stage === '$default' ? decodePath(path) : `/${stage}${decodePath(path)}`;
}

/** Cookies have a list of their own, and are no header. */
function toCookies({ headers }: GatewayRequest): readonly string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(';'))
    .map(cookie => cookie.trim())
    .filter(cookie => cookie !== '');
}

/** A body that came in chunks has a length by now. */
function toHeaders(request: GatewayRequest): Json {
  const length = request.body.length > 0 ? { 'content-length': String(request.body.length) } : {};
  const groups = [...groupHeaders(withForwarded(request))].map(
    ([name, values]) => [name.toLowerCase(), values.join(',')] as const,
  );
  return Object.fromEntries([...groups.filter(([name]) => name !== 'cookie'), ...Object.entries(length)]);
}

function toContext(request: GatewayRequest, settings: GatewaySettings): Json {
  const domainName = hostName(request.headers);
  const domainPrefix = domainName.split('.')[0];
  return {
    accountId: ACCOUNTS[settings.api === 'url' ? 'url' : 'http'],
    apiId: domainPrefix,
    domainName,
    domainPrefix,
    http: {
      method: request.method,
      path: toRawPath(request.path, settings),
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: findHeader(request.headers, 'user-agent') ?? '',
    },
    requestId: request.id,
    routeKey: '$default',
    stage: settings.stage,
    time: formatClfTime(request.time),
    timeEpoch: request.time.getTime(),
  };
}

function toBody({ headers, body }: GatewayRequest): Json {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = isTextType(findHeader(headers, 'content-type')) && isUtf8(body);
  return { body: Buffer.from(body).toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}
