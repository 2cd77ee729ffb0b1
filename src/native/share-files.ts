import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { NativeFile } from '../elf/types.ts';
import { SlimError } from '../errors.ts';
import type { Entry, FileEntry, LinkEntry, SharedFile } from '../types.ts';
import { findTwins, type Hashed } from './find-twins.ts';
import { isShareable } from './is-shareable.ts';

export interface SharedEntries {
  readonly entries: readonly Entry[];
  readonly shared: readonly SharedFile[];
}

/** Makes one file of byte-identical libraries or data, and relative links of the others. */
export async function shareFiles(
  entries: readonly Entry[],
  natives: ReadonlyMap<string, NativeFile>,
  signal: AbortSignal,
): Promise<SharedEntries> {
  const twins = findTwins(await hashAlike(entries, natives, signal), natives);
  const shared: SharedFile[] = [];
  const results = entries.map(entry => {
    const target = twins.get(entry.path);
    if (target === undefined || entry.kind === 'link') return entry;
    shared.push({ path: entry.path, target, bytes: entry.bytes });
    return toLink(entry, target);
  });
  return { entries: results, shared };
}

function toLink({ path, origin }: FileEntry, target: string): LinkEntry {
  return { kind: 'link', path, target: posix.relative(posix.dirname(path), target), origin };
}

/** Reads only files that have a double by size and mode. */
async function hashAlike(
  entries: readonly Entry[],
  natives: ReadonlyMap<string, NativeFile>,
  signal: AbortSignal,
): Promise<readonly Hashed[]> {
  const groups = new Map<string, FileEntry[]>();
  for (const entry of entries) {
    if (entry.kind === 'link' || !isShareable(entry, natives.get(entry.path))) continue;
    const key = `${entry.mode} ${entry.bytes}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const hashed: Hashed[] = [];
  for (const entry of [...groups.values()].filter(group => group.length > 1).flat()) {
    if (signal.aborted) throw new SlimError('CANCELLED', []);
    hashed.push({ path: entry.path, hash: `${entry.mode} ${await hashEntry(entry)}` });
  }
  return hashed;
}

async function hashEntry({ source }: FileEntry): Promise<string> {
  const hash = createHash('sha256');
  if (source.kind === 'memory') hash.update(source.data);
  else await pipeline(createReadStream(source.path), hash);
  return hash.digest('hex');
}
