import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { Refusal } from '../types.ts';

export const CHECKSUMS = ['SHA256', 'SHA1', 'CRC32'] as const;
export type ChecksumName = (typeof CHECKSUMS)[number];

const BYTES: Readonly<Record<ChecksumName, number>> = { SHA256: 32, SHA1: 20, CRC32: 4 };

/** Base64, as S3 writes it. */
export function toChecksum(name: ChecksumName, bytes: Buffer): string {
  if (name !== 'CRC32') return createHash(name.toLowerCase()).update(bytes).digest('base64');
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return value.toString('base64');
}

/** An algorithm that the stub computes; of others it says so, for it could not check them. */
export function toChecksumName(text: string): ChecksumName {
  const name = CHECKSUMS.find(candidate => candidate === text.toUpperCase());
  if (!name) throw new Refusal(501, 'NotImplemented', `[stub] does not compute ${text}`);
  return name;
}

/** Checks a body against all that its headers or trailers say of it, and gives the checksums that were sent. */
export function checkBody(
  bytes: Buffer,
  headers: IncomingHttpHeaders,
): Readonly<Partial<Record<ChecksumName, string>>> {
  checkMd5(bytes, headers['content-md5']);
  const sent: Partial<Record<ChecksumName, string>> = {};
  for (const [header, value] of Object.entries(headers)) {
    const [, algorithm] = /^x-amz-checksum-(?!type|algorithm|mode)(\w+)$/.exec(header) ?? [];
    if (!algorithm) continue;
    const name = toChecksumName(algorithm);
    if (Buffer.from(String(value), 'base64').length !== BYTES[name])
      throw new Refusal(400, 'InvalidRequest', `Value for ${header} header is invalid.`);
    if (toChecksum(name, bytes) !== value)
      throw new Refusal(400, 'BadDigest', `The ${name} you specified did not match the calculated checksum.`);
    sent[name] = String(value);
  }
  if (Object.keys(sent).length > 1)
    throw new Refusal(
      400,
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  checkHashInSignature(bytes, headers['x-amz-content-sha256']);
  return sent;
}

function checkMd5(bytes: Buffer, md5: IncomingHttpHeaders[string]): void {
  if (md5 === undefined) return;
  if (Buffer.from(String(md5), 'base64').length !== 16)
    throw new Refusal(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.');
  if (createHash('md5').update(bytes).digest('base64') !== md5)
    throw new Refusal(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
}

/** What was signed may be a hash of the body too. */
function checkHashInSignature(bytes: Buffer, hash: IncomingHttpHeaders[string]): void {
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return;
  if (createHash('sha256').update(bytes).digest('hex') !== hash)
    throw new Refusal(
      400,
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
}
