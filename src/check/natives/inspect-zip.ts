import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { SlimError } from '../../errors.ts';
import { errnoOf } from '../../util/fs.ts';
import { readZipDirectory, type ZipDirectory } from '../../zip/read-zip.ts';
import { checkZipEntries } from '../check-zip-entries.ts';
import { contentsOfZip } from './contents.ts';
import type { Inspected } from './inspected.ts';
import { readZipNatives } from './read-zip-natives.ts';

/** A zip larger than this is over every limit, and its digest is nobody's; reading it would only take time. */
const MAX_HASHED_BYTES = 1024 ** 3;

/**
 * Reads a zip that any tool made: its directory, and of its native files what the dynamic linker would see. Throws
 * `INPUT_UNREADABLE`, `NOT_A_ZIP`, `FILE_CHANGED`, `CANCELLED`.
 */
export async function inspectZip(path: string, signal: AbortSignal): Promise<Inspected> {
  const before = await stampOf(path);
  try {
    const inspected = await inspectSteady(path, signal);
    if ((await stampOf(path)) === before) return inspected;
  } catch (error) {
    // What was said of a file that somebody writes at this moment is said of none.
    if (signal.aborted || (await stampOf(path)) === before) throw error;
  }
  throw new SlimError('FILE_CHANGED', [path]);
}

async function inspectSteady(path: string, signal: AbortSignal): Promise<Inspected> {
  const directory = await readZipDirectory(path);
  const ofEntries = checkZipEntries(directory);
  // Of two entries with one path nobody knows which counts, and what lies or leads outside is not inflated.
  const bad = new Set(ofEntries.flatMap(finding => ('path' in finding ? [finding.path] : [])));
  const [digest, { natives, libraries, findings }] = await Promise.all([
    directory.zippedBytes > MAX_HASHED_BYTES ? null : hashFile(path, signal),
    readZipNatives(path, entry => !bad.has(entry.path), signal),
  ]);
  const files = directory.entries.filter(entry => entry.kind !== 'folder');
  const sound = files.filter(entry => !bad.has(entry.path));
  return {
    facts: toFacts(path, directory, digest),
    sizes: new Map(files.map(({ path, bytes }) => [path, bytes])),
    crcs: new Map(sound.filter(({ kind }) => kind === 'file').map(({ path, crc32 }) => [path, crc32])),
    modes: new Map(files.map(({ path, mode }) => [path, mode & 0o777])),
    withContents: contentsOfZip(path, new Map(sound.map(entry => [entry.path, entry]))),
    natives,
    libraries,
    findings: [...ofEntries, ...findings],
  };
}

function toFacts(
  path: string,
  { entries, zippedBytes }: ZipDirectory,
  digest: Buffer | null,
): Inspected['facts'] {
  const files = entries.filter(entry => entry.kind !== 'folder');
  return {
    path,
    sha256: digest?.toString('hex') ?? null,
    codeSha256: digest?.toString('base64') ?? null,
    zippedBytes,
    unzippedBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: files.length,
  };
}

/** Changes with the file. */
async function stampOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(':');
  } catch (error) {
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  }
}

async function hashFile(path: string, signal: AbortSignal): Promise<Buffer> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash, { signal });
  } catch (error) {
    if (signal.aborted) throw new SlimError('CANCELLED', [], { cause: error });
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  }
  return hash.digest();
}
