import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { normalizeName } from '../../../python/names.ts';
import { formatExtras } from '../../../python/requirement.ts';
import type { Platform } from '../../../types.ts';
import type { Requirement } from '../project/types.ts';
import { pythonTag } from './target-tags.ts';

/** A wheel that lies here. */
export interface LocalWheel {
  /** Absolute. */
  readonly path: string;
  /** Normalised. */
  readonly name: string;
  /** As `sha256:…`. */
  readonly hash: string;
}

/** Reads what is to be known of a wheel before it is installed. */
export async function describeWheel(path: string): Promise<LocalWheel> {
  const hash = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return { path, name: normalizeName(basename(path).split('-')[0] ?? ''), hash: `sha256:${hash}` };
}

/** The requirement that stands for a wheel; hashed where every requirement has to be. */
export function toWheelRequirement(
  { path, name, hash }: LocalWheel,
  extras: readonly string[],
  isHashed: boolean,
): Requirement {
  const text = `${name}${formatExtras(extras)} @ ${pathToFileURL(path).href}`;
  return { name, text, hashes: isHashed ? [hash] : [], source: null };
}

/** Whether the tags of a wheel say that it runs on the target, whoever built it; `tags` as in its name, `py3-none-any`. */
export function isPure(tags: string, platform: Platform): boolean {
  const [pythons = '', abi, machine] = tags.split('-').slice(-3);
  const own = pythonTag(platform);
  const minor = Number(platform.runtime.version.split('.')[1]);
  const fits = (tag: string): boolean => {
    const since = /^py3(\d*)$/.exec(tag)?.[1];
    return tag === own || (since !== undefined && Number(since || 0) <= minor);
  };
  return abi === 'none' && machine === 'any' && pythons.split('.').some(fits);
}
