import type { IncomingMessage } from 'node:http';
import { checkUrl } from './check-url.ts';
import { type FetchRules, PUBLIC_WEB } from './fetch-rules.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import { requestPinned } from './request-pinned.ts';

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Fetches the bytes behind a stranger's URL by the rules. Throws a refusal for whatever goes wrong. */
export async function fetchImage(rawUrl: string, rules: FetchRules = PUBLIC_WEB): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(rules.timeoutMs);
  try {
    return await Promise.race([follow(rawUrl, rules, signal), rejectOnAbort(signal)]);
  } catch (error) {
    if (isRefusal(error)) throw error;
    throw explain(error, rules, signal);
  }
}

async function follow(rawUrl: string, rules: FetchRules, signal: AbortSignal): Promise<Uint8Array> {
  let location = rawUrl;
  let base: URL | null = null;
  for (let hops = 0; hops <= rules.maxRedirects; hops++) {
    const target = await checkUrl(location, base, rules);
    signal.throwIfAborted();
    const response = await requestPinned(target, signal);
    const next = redirectOf(response);
    if (next === null) return readImage(response, rules.maxBytes);
    response.destroy();
    location = next;
    base = target.url;
  }
  throw refuse('URL_REDIRECTS', `The URL redirects more than ${rules.maxRedirects} times.`);
}

function redirectOf({ statusCode, headers }: IncomingMessage): string | null {
  return REDIRECTS.includes(statusCode ?? 0) && headers.location ? headers.location : null;
}

async function readImage(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const refusal = whyRefused(response, maxBytes);
  if (refusal) {
    response.destroy();
    throw refusal;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What the headers tell before a byte of the body is read; the decoder has the last word on what is a picture. */
function whyRefused({ statusCode = 0, headers }: IncomingMessage, maxBytes: number): Refusal | null {
  const type = headers['content-type'];
  const encoding = headers['content-encoding'];
  if (statusCode < 200 || statusCode > 299)
    return refuse('URL_STATUS', `The URL answers with status ${statusCode}.`);
  if (type && !/^(image\/|(application|binary)\/octet-stream)/i.test(type)) {
    return refuse('URL_NOT_AN_IMAGE', 'The URL answers with a content type that is no picture.');
  }
  if (encoding && encoding !== 'identity') {
    return refuse('URL_NOT_AN_IMAGE', 'The server compressed its answer although it was asked not to.');
  }
  return Number(headers['content-length']) > maxBytes ? tooLarge(maxBytes) : null;
}

function tooLarge(maxBytes: number): Refusal {
  return refuse('IMAGE_TOO_LARGE', `A fetched picture has at most ${maxBytes} bytes.`);
}

/** DNS look-ups cannot be aborted, so the clock runs beside them. */
function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function explain(error: unknown, rules: FetchRules, signal: AbortSignal): Refusal {
  if (signal.aborted) {
    return refuse('URL_TIMEOUT', `The URL did not give its picture within ${rules.timeoutMs} ms.`, error);
  }
  return refuse('URL_UNREACHABLE', 'The URL could not be fetched.', error);
}
