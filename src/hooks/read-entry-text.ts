import { readFile } from 'node:fs/promises';
import type { FileEntry } from '../types.ts';
import { explainRead } from '../zip/read-source.ts';

/** The text of a small file. Throws `FILE_CHANGED`, `FILE_UNREADABLE`. */
export async function readEntryText({ source }: FileEntry): Promise<string> {
  if (source.kind === 'memory') return Buffer.from(source.data).toString();
  return explainRead(source.path, readFile(source.path, 'utf8'));
}
