import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../findings.ts';
import { readSmallEntry } from '../../zip/read-small-entry.ts';
import type { ZipEntry } from '../../zip/read-zip.ts';

/** All bytes of a file of the artifact; null where it has more than `maxBytes`, or cannot be read. */
export type ReadContent = (path: string, maxBytes: number) => Buffer | null;

/** Lets `use` read files of an artifact, and gives what else was found out by reading them. */
export type WithContents = <T>(use: (read: ReadContent) => T) => readonly [T, readonly Finding[]];

/** Of a zip; `entries` are the sound ones by path. What turns out to be damaged is a finding. */
export function contentsOfZip(path: string, entries: ReadonlyMap<string, ZipEntry>): WithContents {
  return use => {
    const fd = openSync(path, 'r');
    const broken = new Map<string, string>();
    try {
      const result = use((name, maxBytes) => {
        const entry = entries.get(name);
        const found = entry?.kind === 'file' ? readSmallEntry(fd, entry, maxBytes) : null;
        if (found?.ok === false) broken.set(name, found.reason);
        return found?.ok ? found.bytes : null;
      });
      return [result, [...broken].map(toFinding)];
    } finally {
      closeSync(fd);
    }
  };
}

function toFinding([path, reason]: readonly [string, string]): Finding {
  return { code: 'ENTRY_UNREADABLE', level: 'error', path, reason };
}

/** Of a folder; links are not followed. */
export function contentsOfFolder(dir: string): WithContents {
  return use => [use((name, maxBytes) => readFileOf(join(dir, name), maxBytes)), []];
}

/** A pipe or a link that took the file's place is not waited for. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

function readFileOf(path: string, maxBytes: number): Buffer | null {
  let fd: number;
  try {
    fd = openSync(path, FLAGS);
  } catch {
    return null;
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile() || stats.size > maxBytes) return null;
    const bytes = Buffer.alloc(stats.size);
    return bytes.subarray(0, readSync(fd, bytes, 0, stats.size, 0));
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}
