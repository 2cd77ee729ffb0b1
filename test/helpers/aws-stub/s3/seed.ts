import { createHash } from 'node:crypto';
import type { SeedBucket } from '../seed.ts';
import type { AccountState } from '../state.ts';
import { toChecksum } from './checksums.ts';
import { storeObject } from './objects.ts';
import type { Bucket } from './state.ts';

/** Objects have the checksum that the SDK sends unless it is told otherwise. */
export function storeSeed(state: AccountState, name: string, seed: SeedBucket): void {
  const { versioned = false, region = state.region, objects = {} } = seed;
  const bucket: Bucket = { name, region, versioned, objects: new Map(), uploads: new Map() };
  state.buckets.set(name, bucket);
  for (const [key, bytes] of Object.entries(objects)) {
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const checksum = { name: 'CRC32', value: toChecksum('CRC32', bytes), type: 'FULL_OBJECT' } as const;
    storeObject(bucket, { key, bytes, etag, checksum, metadata: {} });
  }
}
