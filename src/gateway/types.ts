/** Which gateway stands before the function: an HTTP API (payload format 2.0), a REST API (its only format, 1.0), or a function URL. */
export const APIS = ['http', 'rest', 'url'] as const;
export type Api = (typeof APIS)[number];

export type Header = readonly [name: string, value: string];

/** How the gateway is set up. */
export interface GatewaySettings {
  readonly api: Api;
  /** `$default` has no part in paths. */
  readonly stage: string;
  /** Media types that a REST API hands over as bytes; the others know none. */
  readonly binaryMediaTypes: readonly string[];
  /** A function URL's InvokeMode RESPONSE_STREAM. */
  readonly streaming: boolean;
  /** Origins that the gateway lets in by CORS; null leaves CORS to the function. */
  readonly cors: readonly string[] | null;
  /** How long the gateway waits for the function; null for as long as it runs. */
  readonly timeoutMs: number | null;
}

/** A request as it came over HTTP, without what concerns one connection only. */
export interface GatewayRequest {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
  readonly sourceIp: string;
  /** Of this server. */
  readonly port: number;
  readonly protocol: string;
  readonly id: string;
  readonly time: Date;
}

/** An answer over HTTP; `why` tells the developer what the client is not told. */
export interface Reply {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
  readonly why?: string;
}

export type Json = Readonly<Record<string, unknown>>;
