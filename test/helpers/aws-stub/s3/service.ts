import { operation, Refusal, type Reply, type Service } from '../types.ts';
import { xml } from '../xml.ts';
import { completeUpload } from './complete-upload.ts';
import {
  getBucketLocation,
  getBucketVersioning,
  getObject,
  headBucket,
  headObject,
  putObject,
} from './objects.ts';
import { abortUpload, createUpload, listParts, listUploads, uploadPart } from './uploads.ts';

const KEY = '/{Bucket}/{Key+}';

/** Buckets are in the path, as the SDK writes them for an address that is a number. */
export const s3: Service = {
  name: 's3',
  operations: [
    operation('HeadObject', `HEAD ${KEY}`, headObject),
    operation('GetObject', `GET ${KEY}`, getObject),
    operation('PutObject', `PUT ${KEY}`, putObject),
    operation('CreateMultipartUpload', `POST ${KEY}?uploads`, createUpload),
    operation('UploadPart', `PUT ${KEY}?uploadId&partNumber`, uploadPart),
    operation('ListParts', `GET ${KEY}?uploadId`, listParts),
    operation('CompleteMultipartUpload', `POST ${KEY}?uploadId`, completeUpload),
    operation('AbortMultipartUpload', `DELETE ${KEY}?uploadId`, abortUpload),
    operation('ListMultipartUploads', 'GET /{Bucket}?uploads', listUploads),
    operation('HeadBucket', 'HEAD /{Bucket}', headBucket),
    operation('GetBucketLocation', 'GET /{Bucket}?location', getBucketLocation),
    operation('GetBucketVersioning', 'GET /{Bucket}?versioning', getBucketVersioning),
  ],
  target: ({ params }) => [params.Bucket, params.Key].filter(Boolean).join('/'),
  toReply: toS3Error,
  throttled: new Refusal(503, 'SlowDown', 'Please reduce your request rate.'),
  broken: new Refusal(500, 'InternalError', 'We encountered an internal error. Please try again.'),
  conflict: new Refusal(
    409,
    'OperationAborted',
    'A conflicting conditional operation is currently in progress against this resource. Please try again.',
  ),
};

export function toS3Error({ status, code, message, facts }: Refusal): Reply {
  return xml(status, {
    Error: { Code: code, Message: message, ...facts, RequestId: 'STUB', HostId: 'stub' },
  });
}
