import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SlimError } from '../errors.ts';
import { errnoOf } from '../util/fs.ts';
import { unpackZip } from '../zip/unpack-zip.ts';

/** More than any function has, so that a zip bomb ends here. */
const MAX_UNZIPPED_BYTES = 2 * 1024 ** 3;

export interface UnpackedPart {
  readonly folder: string;
  /** Zero for a folder of the user's: its size is not ours to tell. */
  readonly bytes: number;
}

export interface UnpackPartOptions {
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
}

/** What was unpacked in this process. */
const unpacked = new Set<string>();

/** Unpacks the zip of a function or of a layer; a folder is run where it lies. Throws `INPUT_UNREADABLE` and what `unpackZip` throws. */
export async function unpackPart(
  path: string,
  into: string,
  { signal, onNote }: UnpackPartOptions,
): Promise<UnpackedPart> {
  const found = await stat(path).catch((error: unknown) => {
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  });
  if (found.isDirectory()) return { folder: resolve(path), bytes: 0 };
  const closed: string[] = [];
  // Anybody else would be the owner, also in the sandbox, and could not even read what is to be compared.
  const keepClosed = process.getuid?.() === 0;
  const onClosed = (entry: string): void => void closed.push(entry);
  const options = { maxBytes: MAX_UNZIPPED_BYTES, signal, keepClosed, onClosed };
  const bytes = await unpackZip(path, into, options);
  unpacked.add(into);
  if (closed.length > 0) onNote(noteClosed(path, closed, keepClosed));
  return { folder: into, bytes };
}

/** True for a folder that `unpackPart` made: what is wrong with its modes, the zip brought, and that was said. */
export function isUnpackedPart(folder: string): boolean {
  return unpacked.has(folder);
}

function noteClosed(path: string, [first = '', ...others]: readonly string[], keepClosed: boolean): string {
  const more = others.length === 0 ? '' : `, and ${others.length} more,`;
  const here = keepClosed ? '' : ', though not here';
  return `Note: ${JSON.stringify(first)} in ${path}${more} may be read by its owner only, which Lambda answers with "permission denied"${here}; make the zip anew with modes 644, and 755 for folders and programs.\n`;
}
