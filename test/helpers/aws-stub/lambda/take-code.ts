import { createHash } from 'node:crypto';
import { type Entry, fromBufferPromise } from 'yauzl';
import { limits } from '../../../../src/platform/limits.ts';
import type { AccountState } from '../state.ts';
import { type Call, Refusal } from '../types.ts';
import { check, type Members } from './members.ts';
import { invalid } from './refusals.ts';
import type { Code } from './state.ts';

export const CODE_MEMBERS = ['ZipFile', 'S3Bucket', 'S3Key', 'S3ObjectVersion', 'S3ObjectStorageMode'];

const tooLarge = (message: string): Refusal => new Refusal(413, 'RequestEntityTooLargeException', message);

/** The archive of a request, checked; `room` is what may be in it, unzipped, below the quota by what layers take. */
export async function takeCode(
  members: Members,
  call: Call,
  state: AccountState,
  room: number = limits.unzippedBytes,
): Promise<Code> {
  const source = members as Partial<Record<string, string>>;
  const zip =
    source.ZipFile === undefined ? readObject(source, state) : Buffer.from(source.ZipFile, 'base64');
  if (source.ZipFile !== undefined && zip.length > limits.zippedBytes)
    throw tooLarge(`Zipped size must be smaller than ${limits.zippedBytes} bytes`);
  if (call.body.length > limits.requestBytes)
    throw tooLarge(
      `Request must be smaller than ${limits.requestBytes} bytes for the ${call.operation} operation`,
    );
  const storage = source.S3ObjectStorageMode === 'REFERENCE' ? 'reference' : 'copy';
  return toCode(zip, storage, room);
}

/** Throws what Lambda says of an archive that it cannot unzip, or that is too large. */
export async function toCode(
  zip: Buffer,
  storage: Code['storage'] = 'copy',
  room: number = limits.unzippedBytes,
): Promise<Code> {
  const entries = await readEntries(zip);
  if (entries.length === 0) throw invalid('Uploaded file must be a non-empty zip');
  const unzippedBytes = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (unzippedBytes >= room) throw invalid(`Unzipped size must be smaller than ${room} bytes`);
  return { zip, sha256: createHash('sha256').update(zip).digest('base64'), unzippedBytes, storage };
}

/** ZIP64, encrypted, and methods other than STORE and DEFLATE are refused too. */
async function readEntries(zip: Buffer): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  try {
    const file = await fromBufferPromise(zip, { validateEntrySizes: false });
    for await (const entry of file.eachEntry()) entries.push(entry);
  } catch {
    throw unreadable();
  }
  const isStrange = (entry: Entry): boolean =>
    ![0, 8].includes(entry.compressionMethod) || entry.isEncrypted() || (entry.versionMadeBy & 0xff) >= 45;
  if (entries.some(isStrange)) throw unreadable();
  return entries;
}

function unreadable(): Refusal {
  return invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
}

function readObject(source: Partial<Record<string, string>>, { buckets, region }: AccountState): Buffer {
  const { S3Bucket = '', S3Key, S3ObjectVersion, S3ObjectStorageMode } = source;
  if (!S3Bucket || !S3Key)
    throw new Refusal(400, 'InvalidParameterValueException', 'Please provide a source for function code.');
  check('s3Bucket', S3Bucket, { min: 3, max: 63 });
  check('s3Key', S3Key, { max: 1024 });
  check('s3ObjectStorageMode', S3ObjectStorageMode, { values: ['COPY', 'REFERENCE'] });
  const bucket = buckets.get(S3Bucket);
  if (!bucket) throw noObject('NoSuchBucket', 'The specified bucket does not exist');
  if (bucket.region !== region)
    throw noObject(
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    );
  if (S3ObjectStorageMode === 'REFERENCE' && !(bucket.versioned && S3ObjectVersion))
    throw invalid('[stub] REFERENCE needs a bucket with versions and an S3ObjectVersion');
  const versions = bucket.objects.get(S3Key) ?? [];
  const found = S3ObjectVersion
    ? versions.find(({ version }) => version === S3ObjectVersion)
    : versions.at(-1);
  if (found) return found.bytes;
  throw S3ObjectVersion && versions.length > 0
    ? noObject('NoSuchVersion', 'The specified version does not exist.')
    : noObject('NoSuchKey', 'The specified key does not exist.');
}

function noObject(code: string, message: string): Refusal {
  return invalid(`Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`);
}
