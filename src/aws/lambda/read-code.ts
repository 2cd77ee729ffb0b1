import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LayerVersionContentInput } from '@aws-sdk/client-lambda';
import { SlimError } from '../../errors.ts';
import { errnoOf } from '../../util/fs.ts';
import type { CodeSource } from '../types.ts';

/** An archive as calls take it, the same for functions and layers. */
export interface ReadCode {
  readonly fields: LayerVersionContentInput;
  /** Base64; null for an object whose key does not tell. */
  readonly codeSha256: string | null;
}

/** Reads a file whole, since it is sent in one JSON document; an object is only named. */
export async function readCode(source: CodeSource): Promise<ReadCode> {
  if (source.kind === 'file') {
    const bytes = await readZip(source.path);
    return { fields: { ZipFile: bytes }, codeSha256: createHash('sha256').update(bytes).digest('base64') };
  }
  const { bucket, key, version } = source.object;
  return {
    fields: {
      S3Bucket: bucket,
      S3Key: key,
      ...(version === null ? {} : { S3ObjectVersion: version }),
      ...(source.storage === 'reference' ? { S3ObjectStorageMode: 'REFERENCE' } : {}),
    },
    codeSha256: readShaOfKey(key),
  };
}

async function readZip(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new SlimError('FILE_UNREADABLE', [path, errnoOf(cause) ?? String(cause)], { cause });
  }
}

/** Our keys name their content: `lambda-slim/<sha256>.zip`. */
function readShaOfKey(key: string): string | null {
  const [, hex] = /(?:^|\/)([0-9a-f]{64})\.zip$/.exec(key) ?? [];
  return hex === undefined ? null : Buffer.from(hex, 'hex').toString('base64');
}
