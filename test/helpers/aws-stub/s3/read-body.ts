import type { IncomingHttpHeaders } from 'node:http';
import { type Call, Refusal } from '../types.ts';
import { type ChecksumName, checkBody } from './checksums.ts';

export interface S3Body {
  readonly bytes: Buffer;
  /** Those that were sent, and hold. */
  readonly checksums: Readonly<Partial<Record<ChecksumName, string>>>;
}

/** What was sent, out of its chunks where it came in chunks, and checked. */
export function readS3Body({ body, headers }: Call): S3Body {
  const chunked = /aws-chunked/.test(String(headers['content-encoding'] ?? '')) || isStreaming(headers);
  const [bytes, trailers] = chunked ? dechunk(body) : [body, {}];
  const length = headers['x-amz-decoded-content-length'];
  if (chunked && Number(length) !== bytes.length)
    throw new Refusal(
      400,
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    );
  const announced = headers['x-amz-trailer'];
  if (announced !== undefined && trailers[String(announced).toLowerCase()] === undefined)
    throw new Refusal(
      400,
      'MalformedTrailerError',
      'The request contained trailing data that was not well-formed or did not conform to our published schema.',
    );
  return { bytes, checksums: checkBody(bytes, { ...headers, ...trailers }) };
}

function isStreaming(headers: IncomingHttpHeaders): boolean {
  return String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
}

/** `<hex length>[;signature]\r\n<bytes>\r\n`, up to a chunk of no bytes, which trailers follow. */
function dechunk(body: Buffer): readonly [bytes: Buffer, trailers: Record<string, string>] {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const length = end < 0 ? Number.NaN : Number.parseInt(body.toString('latin1', at, end), 16);
    if (Number.isNaN(length)) throw new Refusal(400, 'IncompleteBody', '[stub] a chunk has no length');
    if (length === 0) return [Buffer.concat(chunks), readTrailers(body.toString('latin1', end + 2))];
    chunks.push(body.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
}

function readTrailers(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter(line => line.includes(':'));
  return Object.fromEntries(
    lines.map(line => {
      const [name = '', ...value] = line.split(':');
      return [name.trim().toLowerCase(), value.join(':').trim()];
    }),
  );
}
