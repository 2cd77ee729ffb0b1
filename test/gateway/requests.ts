import type { GatewayRequest, GatewaySettings } from '../../src/gateway/types.ts';

/** A request from curl, changed as a test wants it. */
export function makeRequest(changes: Partial<GatewayRequest> = {}): GatewayRequest {
  return {
    method: 'GET',
    path: '/',
    query: '',
    headers: [
      ['Host', 'r3pmxmplak.execute-api.us-east-2.amazonaws.com'],
      ['User-Agent', 'curl/8.5.0'],
      ['Accept', '*/*'],
    ],
    body: Buffer.alloc(0),
    sourceIp: '192.0.2.1',
    port: 443,
    protocol: 'HTTP/1.1',
    id: '77375676-0bad-4b79-853a-f982474efe18',
    time: new Date('2026-03-10T05:16:23Z'),
    ...changes,
  };
}

export function makeSettings(changes: Partial<GatewaySettings> = {}): GatewaySettings {
  return {
    api: 'http',
    stage: '$default',
    binaryMediaTypes: ['*/*'],
    streaming: false,
    cors: null,
    timeoutMs: null,
    ...changes,
  };
}
