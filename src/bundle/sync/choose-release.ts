import { SlimError } from '../../errors.ts';
import { parsePointer } from '../parse-pointer.ts';
import { type ReadManifest, readManifest } from '../read-manifest.ts';
import type { BundleSource, Inflate } from '../types.ts';
import { readStored } from './read-stored.ts';
import { isReleaseId, listReleases, type Store } from './store.ts';

/** What a person means by the beginning of an id. Throws `RELEASE_UNKNOWN`, `RELEASE_AMBIGUOUS`. */
export function matchRelease(start: string, known: readonly string[], where: string): string {
  const matches = [...new Set(known.filter(id => id.startsWith(start)))];
  if (matches.length > 1) throw new SlimError('RELEASE_AMBIGUOUS', [start, matches]);
  if (matches[0] === undefined) throw new SlimError('RELEASE_UNKNOWN', [start, where, [...new Set(known)]]);
  return matches[0];
}

/** The release that a sync is to bring: the one of the bundle, or one that is asked for, which the store may have already. */
export async function chooseRelease(
  source: BundleSource,
  store: Store,
  asked: string | undefined,
): Promise<string> {
  if (asked !== undefined && isReleaseId(asked)) return asked;
  const { release } = parsePointer(await source.readPointer(), `${source.where}/bundle.json`);
  if (asked === undefined) return release;
  return matchRelease(asked, [release, ...(await listReleases(store))], source.where);
}

export type FoundManifest = ReadManifest & { readonly isStored: boolean };

/** The manifest of a release; out of the store where that has it, so that the bundle need not have it any more. */
export async function findManifest(
  source: BundleSource,
  store: Store,
  release: string,
  inflate: Inflate,
): Promise<FoundManifest> {
  const stored = await readStored(store, release);
  if (stored.kind === 'whole') return { ...stored, isStored: true };
  return { ...(await readManifest(source, release, inflate)), isStored: false };
}

/** What is meant to be protected has to be something; a whole id may be that of a release that is gone. Throws `RELEASE_UNKNOWN`. */
export async function checkProtected(
  store: Store,
  protect: readonly string[],
  release: string,
): Promise<void> {
  const there = await listReleases(store);
  const known = [release, ...there];
  const unknown = protect.find(start => !isReleaseId(start) && !known.some(id => id.startsWith(start)));
  if (unknown !== undefined) throw new SlimError('RELEASE_UNKNOWN', [unknown, store.dir, there]);
}
