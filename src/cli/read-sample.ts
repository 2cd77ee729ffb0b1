import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { errnoOf } from '../util/fs.ts';

/** What an endpoint is asked with. */
export interface Sample {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly accept: string;
}

interface SampleArgs {
  readonly sample?: string | undefined;
  readonly 'content-type'?: string | undefined;
  readonly accept?: string | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.jsonl': 'application/jsonlines',
  '.csv': 'text/csv',
  '.txt': 'text/plain',
  '.npy': 'application/x-npy',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

/** Reads the file that `--sample` names; null without it. Throws `INPUT_UNREADABLE`, `SAGEMAKER_SAMPLE`. */
export async function readSample(args: SampleArgs, cwd: string): Promise<Sample | null> {
  if (args.sample === undefined) return null;
  const path = resolve(cwd, args.sample);
  const body = await readFile(path).catch((error: unknown) => {
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  });
  const limit = limits.sagemakerPayloadBytes;
  if (body.length > limit) throw new SlimError('SAGEMAKER_SAMPLE', [path, body.length, limit]);
  const contentType =
    args['content-type'] ?? TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  return { body, contentType, accept: args.accept ?? 'application/json' };
}
