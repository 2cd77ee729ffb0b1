import { posix } from 'node:path';
import { SlimError } from '../errors.ts';
import type { ZipEntry } from '../zip/read-zip.ts';

/** What lambda-slim puts into an artifact that knows other files of it by their places. */
const PLACED: Readonly<Record<string, string>> = {
  '.lambda-slim/index.json':
    'its libraries travel compressed, and are looked for beside the handler (build without --compress-libraries)',
  '.lambda-slim/rest.json':
    'it fetches missed files into their places beside the handler (build without --fallback)',
};

/** Refuses artifacts whose parts have to stay together. Throws `LAYERS_UNSUITED`. */
export function refuseUnsuited(entries: readonly ZipEntry[]): void {
  const placed = entries.find(({ path }) => path in PLACED);
  if (placed) throw new SlimError('LAYERS_UNSUITED', [PLACED[placed.path] ?? placed.path]);
  const escaping = entries.find(({ refused }) => refused !== null);
  if (escaping)
    throw new SlimError('LAYERS_UNSUITED', [
      `the path ${posix.normalize(escaping.path)} would leave its folder`,
    ]);
}
