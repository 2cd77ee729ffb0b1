import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { readZipDirectory } from '../../zip/read-zip.ts';
import { checkZipEntries } from '../check-zip-entries.ts';
import type { Inspected } from './inspected.ts';
import { readZipNatives } from './read-zip-natives.ts';

/** Reads a zip that any tool made: its directory, and of its native files what the dynamic linker would see. Throws `NOT_A_ZIP`, `CANCELLED`. */
export async function inspectZip(path: string, signal: AbortSignal): Promise<Inspected> {
  const directory = await readZipDirectory(path);
  const digest = await hashFile(path);
  const ofEntries = checkZipEntries(directory);
  // Of two entries with one path nobody knows which counts, and what lies or leads outside is not inflated.
  const bad = new Set(ofEntries.flatMap(finding => ('path' in finding ? [finding.path] : [])));
  const { natives, libraries, findings } = await readZipNatives(path, entry => !bad.has(entry.path), signal);
  const files = directory.entries.filter(entry => entry.kind !== 'folder');
  return {
    facts: {
      path,
      sha256: digest.toString('hex'),
      codeSha256: digest.toString('base64'),
      zippedBytes: directory.zippedBytes,
      unzippedBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      files: files.length,
    },
    sizes: new Map(files.map(({ path, bytes }) => [path, bytes])),
    natives,
    libraries,
    findings: [...ofEntries, ...findings],
  };
}

async function hashFile(path: string): Promise<Buffer> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest();
}
