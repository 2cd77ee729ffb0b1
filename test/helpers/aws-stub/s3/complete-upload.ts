import { createHash } from 'node:crypto';
import type { AccountState } from '../state.ts';
import { type Call, Refusal, type Reply } from '../types.ts';
import { unescapeXml, xml } from '../xml.ts';
import { CHECKSUMS, type ChecksumName, toChecksum } from './checksums.ts';
import { findUpload } from './find-bucket.ts';
import { checkAbsent, storeObject, toVersionHeader } from './objects.ts';
import type { Checksum, Part, Upload } from './state.ts';

const MIN_PART_BYTES = 5 * 1024 * 1024;

interface Named {
  readonly number: number;
  readonly etag: string;
  readonly checksums: Readonly<Partial<Record<ChecksumName, string>>>;
}

export function completeUpload(call: Call, state: AccountState): Reply {
  const [bucket, upload] = findUpload(call, state);
  checkAbsent(bucket, call);
  const parts = findParts(upload, readNamed(call.body.toString()));
  const bytes = Buffer.concat(parts.map(part => part.bytes));
  checkWhole(call, bytes);
  const checksum = toWholeChecksum(upload, parts, bytes);
  const hashes = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex')));
  const etag = `"${createHash('md5').update(hashes).digest('hex')}-${parts.length}"`;
  const made = storeObject(bucket, { key: upload.key, bytes, etag, checksum, metadata: upload.metadata });
  bucket.uploads.delete(upload.id);
  const facts = checksum ? { [`Checksum${checksum.name}`]: checksum.value, ChecksumType: checksum.type } : {};
  const location = `${state.endpoint}/${bucket.name}/${upload.key}`;
  const reply = xml(200, {
    CompleteMultipartUploadResult: {
      Location: location,
      Bucket: bucket.name,
      Key: upload.key,
      ETag: etag,
      ...facts,
    },
  });
  return { ...reply, headers: { ...reply.headers, ...toVersionHeader(made) } };
}

/** What the body names, in its order. */
function readNamed(text: string): readonly Named[] {
  return [...text.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => {
    const read = (name: string): string | undefined => {
      const value = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(part)?.[1];
      return value === undefined ? undefined : unescapeXml(value);
    };
    const checksums = CHECKSUMS.flatMap(name => {
      const value = read(`Checksum${name}`);
      return value === undefined ? [] : [[name, value] as const];
    });
    return {
      number: Number(read('PartNumber')),
      etag: read('ETag') ?? '',
      checksums: Object.fromEntries(checksums),
    };
  });
}

function findParts(upload: Upload, named: readonly Named[]): readonly Part[] {
  if (named.length === 0) throw new Refusal(400, 'InvalidRequest', 'You must specify at least one part');
  if (named.some(({ number }, index) => number <= (named[index - 1]?.number ?? 0)))
    throw new Refusal(
      400,
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  return named.map((wanted, index) => {
    const part = upload.parts.get(wanted.number);
    if (!part || bare(part.etag) !== bare(wanted.etag) || !agrees(upload, part, wanted)) throw noPart(wanted);
    if (index < named.length - 1 && part.bytes.length < MIN_PART_BYTES)
      throw new Refusal(
        400,
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
      );
    return part;
  });
}

function agrees({ checksum }: Upload, part: Part, { checksums, number }: Named): boolean {
  if (!checksum) return Object.keys(checksums).length === 0;
  const value = checksums[checksum.name];
  if (value === undefined && checksum.type === 'COMPOSITE')
    throw new Refusal(
      400,
      'InvalidRequest',
      `The upload was created using a ${checksum.name.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
    );
  return value === undefined || value === part.checksums[checksum.name];
}

function noPart({ number, etag }: Named): Refusal {
  return new Refusal(
    400,
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { PartNumber: String(number), ETag: etag },
  );
}

const bare = (etag: string): string => etag.replaceAll('"', '');

/** What the caller says of the whole. */
function checkWhole({ headers }: Call, bytes: Buffer): void {
  const size = headers['x-amz-mp-object-size'];
  if (size !== undefined && Number(size) !== bytes.length)
    throw new Refusal(
      400,
      'InvalidRequest',
      `The provided 'x-amz-mp-object-size' header value ${size} does not match what was computed: ${bytes.length}`,
    );
}

function toWholeChecksum({ checksum }: Upload, parts: readonly Part[], bytes: Buffer): Checksum | null {
  if (!checksum) return null;
  const { name, type } = checksum;
  if (type === 'FULL_OBJECT') return { name, type, value: toChecksum(name, bytes) };
  const all = Buffer.concat(parts.map(part => Buffer.from(part.checksums[name] ?? '', 'base64')));
  return { name, type, value: `${toChecksum(name, all)}-${parts.length}` };
}
