import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';

export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'token',
};

/**
 * A small S3 by the path form: objects by `/bucket/key`. It works the signature out anew and answers 403 to a wrong one.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function s3Server(objects: Readonly<Record<string, Uint8Array>>, region: string): RequestListener {
  return (request, response) => {
    const object = objects[decodeURIComponent(request.url ?? '')];
    if (askedRegion(request) !== region) {
      response.writeHead(301, { 'x-amz-bucket-region': region }).end('<Code>PermanentRedirect</Code>');
    } else if (!isSigned(request)) response.writeHead(403).end('<Code>SignatureDoesNotMatch</Code>');
    else if (object) response.writeHead(200).end(object);
    else response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
  };
}

function askedRegion({ headers }: IncomingMessage): string | undefined {
  return /Credential=[^/]+\/\d+\/([^/]+)\/s3\/aws4_request/.exec(headers.authorization ?? '')?.[1];
}

function isSigned({ method, url, headers }: IncomingMessage): boolean {
  const match = /Credential=(\w+)\/(\S+), SignedHeaders=(\S+), Signature=(\w+)/.exec(
    headers.authorization ?? '',
  );
  const [, id, scope = '', names = '', signature] = match ?? [];
  const signed = names.split(';');
  const lines = signed.map(name => `${name}:${headers[name]}\n`).join('');
  const canonical = [method, url, '', lines, names, headers['x-amz-content-sha256']].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${CREDENTIALS.AWS_SECRET_ACCESS_KEY}`);
  return (
    id === CREDENTIALS.AWS_ACCESS_KEY_ID &&
    ['host', 'x-amz-date', 'x-amz-security-token'].every(name => signed.includes(name)) &&
    headers['x-amz-security-token'] === CREDENTIALS.AWS_SESSION_TOKEN &&
    hmac(key, toSign).toString('hex') === signature
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
