import type { Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ObjectReader } from '../../bundle/objects-source.ts';

/** A function in a VPC without a way to S3 waits for a connection until somebody gives up. */
const CONNECT_MS = 5000;
const SILENCE_MS = 30_000;
const TRIES = 3;

type Env = Readonly<Record<string, string | undefined>>;

/** Opens the client once a sandbox. Whoever reads compares with hashes, so the SDK need not. */
export function openS3(env: Env): S3Client {
  const isElsewhere = Boolean(env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL);
  return new S3Client({
    maxAttempts: TRIES,
    forcePathStyle: isElsewhere,
    followRegionRedirects: true,
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
  });
}

/** Reads objects below a prefix, in pieces. */
export function readObjects(s3: S3Client, bucket: string, prefix: string): ObjectReader {
  const open = async function* (key: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const Key = prefix === '' ? key : `${prefix}/${key}`;
    const command = new GetObjectCommand({ Bucket: bucket, Key });
    const { Body } = await s3.send(command, signal ? { abortSignal: signal } : {});
    const body = Body as Readable;
    const stop = (): void => void body.destroy(new Error('stopped'));
    signal?.addEventListener('abort', stop, { once: true });
    try {
      yield* body as AsyncIterable<Uint8Array>;
    } finally {
      signal?.removeEventListener('abort', stop);
      body.destroy();
    }
  };
  return {
    where: `s3://${[bucket, prefix].filter(part => part !== '').join('/')}`,
    open,
    async read(key, maxBytes) {
      for (let tries = 1; ; tries++) {
        try {
          return await gather(open(key), maxBytes);
        } catch (error) {
          // What S3 has said, it would say again.
          if (tries === TRIES || (error instanceof Error && '$fault' in error)) throw error;
        }
      }
    },
  };
}

async function gather(pieces: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
    all.push(piece);
  }
  return Buffer.concat(all);
}
