import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { CheckedUrl } from './check-url.ts';

const HEADERS = {
  accept: 'image/*',
  'accept-encoding': 'identity',
  'user-agent': 'lambda-slim-resnet',
};

/**
 * Sends a GET to the addresses that were checked, without asking DNS again: a name that changes its address in between
 * gains nothing. TLS still checks the certificate against the name.
 */
export function requestPinned(target: CheckedUrl, signal: AbortSignal): Promise<IncomingMessage> {
  const send = target.url.protocol === 'https:' ? https.request : http.request;
  return new Promise((resolve, reject) => {
    send(target.url, { agent: false, headers: HEADERS, lookup: answerWith(target), signal })
      .on('response', resolve)
      .on('error', reject)
      .end();
  });
}

function answerWith({ addresses }: CheckedUrl): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else if (first) callback(null, first.address, first.family);
  };
}
