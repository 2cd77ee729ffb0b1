import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Finding } from '../findings.ts';
import type { Platform, ZipFacts } from '../types.ts';
import { readZipDirectory } from '../zip/read-zip.ts';
import { checkLimits } from './check-limits.ts';
import { checkRuntime } from './check-runtime.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkZipEntries } from './check-zip-entries.ts';

/** A zip and what was found; `unzippedBytes` as its directory claims. */
export interface ZipCheck {
  readonly artifact: ZipFacts;
  readonly findings: readonly Finding[];
}

/** Judges a zip that any tool made, for a platform where one is given. Throws `NOT_A_ZIP`. */
export async function checkZip(path: string, platform: Platform | null): Promise<ZipCheck> {
  const directory = await readZipDirectory(path);
  const digest = await hashFile(path);
  const files = directory.entries.filter(entry => entry.kind !== 'folder');
  const { zippedBytes } = directory;
  const unzippedBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    artifact: {
      path,
      sha256: digest.toString('hex'),
      codeSha256: digest.toString('base64'),
      zippedBytes,
      unzippedBytes,
      files: files.length,
    },
    findings: [
      ...(platform ? checkRuntime(platform.runtime, new Date()) : []),
      ...checkLimits({ zippedBytes, unzippedBytes }),
      ...checkZipEntries(directory),
      ...checkSecrets(files.map(file => file.path)),
    ],
  };
}

async function hashFile(path: string): Promise<Buffer> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest();
}
