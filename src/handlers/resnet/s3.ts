import { AwsClient } from 'aws4fetch';
import type { Env } from './model-source.ts';

/**
 * Fetches an object with the credentials that Lambda puts into the environment. A bucket in another region says so, and
 * is asked again there.
 */
export async function fetchS3Object(url: URL, env: Env, signal: AbortSignal): Promise<Response> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error('MODEL_URL with s3 needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; Lambda sets them.');
  }
  const get = (region: string): Promise<Response> => {
    const client = new AwsClient({
      accessKeyId,
      secretAccessKey,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
      service: 's3',
      region,
      retries: 2,
    });
    return client.fetch(s3ObjectUrl(url, region, env), { redirect: 'manual', signal });
  };
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
  const response = await get(region);
  const home = response.headers.get('x-amz-bucket-region');
  return !response.ok && home && home !== region ? get(home) : response;
}

/** The https address of `s3://bucket/key`: the bucket's own host, or the path form where an endpoint is set. */
export function s3ObjectUrl({ hostname: bucket, pathname }: URL, region: string, env: Env): string {
  const key = pathname.slice(1).split('/').map(encodeSegment).join('/');
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  if (endpoint) return `${endpoint.replace(/\/+$/, '')}/${bucket}/${key}`;
  const host = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  // The certificate of S3 covers one label, so a bucket with dots has no host of its own.
  return bucket.includes('.') ? `https://${host}/${bucket}/${key}` : `https://${bucket}.${host}/${key}`;
}

/** As SigV4 encodes, which is stricter than encodeURIComponent, so that what is sent is what was signed. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(decodeURIComponent(segment)).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
