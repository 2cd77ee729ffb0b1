import { createHash } from 'node:crypto';
import type { AccountState } from './state.ts';

/** A URL of the stub that gives these bytes to whoever has it, with the parameters that S3 signs with. */
export function presign({ endpoint, downloads }: AccountState, path: string, bytes: Buffer): string {
  downloads.set(path, bytes);
  const url = new URL(`${endpoint}/presigned/${path}`);
  url.searchParams.set('X-Amz-Algorithm', 'AWS4-HMAC-SHA256');
  url.searchParams.set('X-Amz-Expires', '600');
  url.searchParams.set('X-Amz-SignedHeaders', 'host');
  url.searchParams.set('X-Amz-Signature', signatureOf(path));
  return url.href;
}

export function signatureOf(path: string): string {
  return createHash('sha256').update(`stub ${path}`).digest('hex');
}
