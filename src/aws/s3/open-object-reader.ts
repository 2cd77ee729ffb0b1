import type { S3 } from '@aws-sdk/client-s3';
import { SlimError } from '../../errors.ts';
import { rest } from '../ask-again.ts';
import { isAwsError } from '../aws-cause.ts';
import type { Call } from '../call.ts';
import { makeLazyCall } from '../lazy-call.ts';
import { completePatience, toPatientConfig } from '../patience.ts';
import type { Patience } from '../types.ts';
import { statusOf } from './call-bucket.ts';
import { readBody } from './read-body.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Reads objects below a prefix; keys are relative to it. */
export interface ObjectReader {
  readonly where: string;
  read(key: string, maxBytes: number): Promise<Uint8Array>;
  open(key: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** First part of an address: `s3://<bucket>/<prefix>`; null where it is none. */
export function parseS3Address(address: string): { readonly bucket: string; readonly prefix: string } | null {
  const [, bucket, prefix = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(address) ?? [];
  return bucket === undefined ? null : { bucket, prefix: prefix.replace(/\/+$/, '') };
}

/**
 * Objects below a prefix of a bucket, which may be in another region. `read` asks again where a connection breaks; what `open`
 * gives then ends in an error that is no `SlimError`. Both throw `BUNDLE_MISSING`, `BUCKET_MISSING`, `AWS_*`, `CANCELLED`.
 */
export function openObjectReader(
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  env: Env,
  patience: Patience,
): ObjectReader {
  const call = makeLazyCall(() => openS3(env, patience), patience.signal);
  const { silenceMs, attempts, pollMs } = completePatience(patience);
  const where = `s3://${[bucket, prefix].filter(part => part !== '').join('/')}`;
  const toKey = (key: string): string => (prefix === '' ? key : `${prefix}/${key}`);
  const open = async function* (key: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    yield* readBody(await getObject(call, bucket, toKey(key), signal), silenceMs, signal);
  };
  return {
    where,
    open,
    async read(key, maxBytes) {
      for (let tries = 1; ; tries++)
        try {
          return await gather(open(key, patience.signal), maxBytes, `${where}/${key}`);
        } catch (error) {
          if (error instanceof SlimError) throw error;
          if (patience.signal.aborted) throw new SlimError('CANCELLED', [], { cause: error });
          if (tries >= attempts)
            throw new SlimError('BUNDLE_UNREACHABLE', [`${where}/${key}`, String(error)], { cause: error });
          await rest(pollMs * 2 ** tries, patience.signal);
        }
    },
  };
}

async function getObject(call: Call<S3>, bucket: string, key: string, signal: AbortSignal): Promise<unknown> {
  try {
    const { Body } = await call(`Reading s3://${bucket}/${key}`, (s3, http) =>
      s3.getObject({ Bucket: bucket, Key: key }, { ...http, abortSignal: signal }),
    );
    return Body;
  } catch (error) {
    if (isAwsError(error, 'NoSuchBucket')) throw new SlimError('BUCKET_MISSING', [bucket], { cause: error });
    if (statusOf(error) === 404)
      throw new SlimError('BUNDLE_MISSING', [`s3://${bucket}/${key}`], { cause: error });
    throw error;
  }
}

async function gather(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
  where: string,
): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > maxBytes)
      throw new SlimError('BUNDLE_INVALID', [where, `it has more than ${maxBytes} bytes`]);
    all.push(piece);
  }
  return Buffer.concat(all);
}

async function openS3(env: Env, patience: Patience): Promise<S3> {
  const { S3 } = await import('@aws-sdk/client-s3');
  const config = toPatientConfig(env, 'S3', patience);
  return new S3({
    ...config,
    forcePathStyle: config.endpoint !== undefined,
    followRegionRedirects: true,
    // Whoever reads compares with the manifest.
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
