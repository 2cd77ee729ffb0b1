import { Buffer } from 'node:buffer';
import { Agent, type ClientRequest, type IncomingHttpHeaders, request } from 'node:http';
import type { ErrorPayload } from './describe-error.mts';

/** An event, and what Lambda tells of it. */
export interface Invocation {
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

const API = '/2018-06-01/runtime';
const agent = new Agent({ keepAlive: true });
// Functions replace these; what was there before is what counts.
const { stringify } = JSON;
const open = request;

/** Waits for the next event, however long. */
export async function nextInvocation(): Promise<Invocation> {
  const { status, body, headers } = await send(openRequest('GET', '/invocation/next', {}), '');
  if (status !== 200) throw new Error(`The Runtime API answered ${status}: ${body}`);
  return { body, headers };
}

export async function postAnswer(id: string, json: string): Promise<void> {
  await post(`/invocation/${id}/response`, json, {});
}

export async function postError(id: string, error: ErrorPayload): Promise<void> {
  await post(`/invocation/${id}/error`, stringify(error), errorHeader(error));
}

export async function postInitError(error: ErrorPayload): Promise<void> {
  await post('/init/error', stringify(error), errorHeader(error));
}

const TRAILERS = ['Lambda-Runtime-Function-Error-Type', 'Lambda-Runtime-Function-Error-Body'];

/** Opens the request that carries a streamed answer. */
export function openAnswerStream(id: string, highWaterMark: number | undefined): ClientRequest {
  return openRequest(
    'POST',
    `/invocation/${id}/response`,
    {
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      'Content-Type': 'application/octet-stream',
      'Transfer-Encoding': 'chunked',
      Trailer: TRAILERS.join(', '),
    },
    highWaterMark,
  );
}

/** Ends a streamed answer with an error. */
export function endWithError(stream: ClientRequest, error: ErrorPayload): void {
  const body = Buffer.from(stringify(error)).toString('base64');
  stream.addTrailers([
    ['Lambda-Runtime-Function-Error-Type', toHeader(error.errorType)],
    ['Lambda-Runtime-Function-Error-Body', body],
  ]);
  stream.end();
}

interface Reply extends Invocation {
  readonly status: number;
}

/** Settles when the server answers; rejects when it is gone. */
export function waitForReply(sent: ClientRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', response => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(parts).toString();
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers });
      });
    });
  });
}

function send(sent: ClientRequest, body: string): Promise<Reply> {
  const reply = waitForReply(sent);
  sent.end(body);
  return reply;
}

/** What the server thinks of it is told in its own log. */
async function post(path: string, json: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const body = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(json)) };
  await send(openRequest('POST', path, { ...body, ...headers }), json);
}

const [hostname, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');

function openRequest(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  highWaterMark?: number,
): ClientRequest {
  // Node.js hands what it does not know on to the connection.
  const options = { hostname, port, method, path: `${API}${path}`, headers, agent, highWaterMark };
  return open(options);
}

function errorHeader({ errorType }: ErrorPayload): Readonly<Record<string, string>> {
  return { 'Lambda-Runtime-Function-Error-Type': toHeader(errorType) };
}

/** A header holds printable characters of ASCII only. */
function toHeader(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
