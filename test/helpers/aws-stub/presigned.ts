import { signatureOf } from './presigned-url.ts';
import { s3, toS3Error } from './s3/service.ts';
import { sliceRange } from './s3/slice-range.ts';
import type { AccountState } from './state.ts';
import { type Call, operation, Refusal, type Reply, type Service } from './types.ts';

/** What GetFunction and GetLayerVersion lead to: a URL that needs no keys, and takes none. */
export const presigned: Service = {
  name: 'presigned',
  operations: [operation('GetPresigned', 'GET /presigned/{Path+}', download)],
  target: ({ params }) => params.Path ?? '',
  toReply: toS3Error,
  throttled: s3.throttled,
  broken: s3.broken,
  conflict: s3.conflict,
};

function download({ headers, params, query }: Call, { downloads }: AccountState): Reply {
  if (headers.authorization !== undefined)
    throw new Refusal(
      400,
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    );
  const path = params.Path ?? '';
  const bytes = downloads.get(path);
  if (!bytes) throw new Refusal(403, 'AccessDenied', 'Access Denied');
  if (query.get('X-Amz-Signature') !== signatureOf(path))
    throw new Refusal(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  return sliceRange(bytes, headers.range, { 'Content-Type': 'application/zip' });
}
