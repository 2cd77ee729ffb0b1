import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openObjectsApi } from '../../src/aws/s3/open-objects-api.ts';
import type { ObjectRef, ObjectsApi, Patience } from '../../src/aws/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { type AwsStub, type AwsStubOptions, withAwsStub } from './aws-stub/aws-stub.ts';

export const BUCKET = 'code-of-us';

/** Short enough for tests, long enough for a busy machine. */
export const QUICK = { pollMs: 5, waitMs: 5000, attempts: 3, silenceMs: 1500 } as const;

export interface Upload {
  readonly stub: AwsStub;
  readonly objects: ObjectsApi;
  readonly bytes: Buffer;
  readonly path: string;
  readonly key: string;
  readonly sha256: string;
  /** What `onBytes` was told, by all uploads. */
  readonly told: number[];
  readonly controller: AbortController;
  send(): Promise<ObjectRef>;
  find(): Promise<ObjectRef | null>;
  /** What lies in the bucket now, the newest version. */
  stored(): Buffer | undefined;
}

/** A file of random bytes, and a stub with a bucket for it. */
export async function withUpload(
  size: number,
  options: AwsStubOptions,
  use: (upload: Upload) => Promise<void>,
  patience: Partial<Patience> = {},
): Promise<void> {
  const seed = { buckets: { [BUCKET]: { versioned: true } }, ...options.seed };
  await withTempDir(dir =>
    withAwsStub({ ...options, seed }, async stub => {
      const bytes = randomBytes(size);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const path = join(dir, 'function.zip');
      await writeFile(path, bytes);
      const key = `lambda-slim/${sha256}.zip`;
      const controller = new AbortController();
      const told: number[] = [];
      const objects = openObjectsApi(stub.env, stub.state.region, {
        signal: controller.signal,
        ...QUICK,
        ...patience,
      });
      await use({
        stub,
        objects,
        bytes,
        path,
        key,
        sha256,
        told,
        controller,
        send: () => objects.upload(BUCKET, key, path, { sha256, onBytes: more => void told.push(more) }),
        find: () => objects.find(BUCKET, key, { bytes: size, sha256 }),
        stored: () => stub.state.buckets.get(BUCKET)?.objects.get(key)?.at(-1)?.bytes,
      });
    }),
  );
}
