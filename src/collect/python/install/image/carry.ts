import { cp } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { PLACES } from '../../../../container/build-types.ts';
import { formatExtras } from '../../../../python/requirement.ts';
import { toPosix } from '../../../../util/path.ts';
import { isLeftBehind } from '../../left-behind.ts';
import type { Requirement } from '../../project/types.ts';

/** Copies a file or folder of this machine, and says where it is in the container. */
export type Carry = (path: string) => Promise<string>;

/** Copies into a folder that becomes the container's work folder. */
export function carrier(dir: string): Carry {
  let count = 0;
  return async path => {
    const place = `carried-${count++}/${basename(path)}`;
    await cp(path, join(dir, place), {
      recursive: true,
      filter: each => !isLeftBehind(toPosix(relative(path, each))),
    });
    return `${PLACES.work}/${place}`;
  };
}

/** An option of a requirements file, with the folder that it names. */
export async function carryOption(line: string, carry: Carry): Promise<string> {
  const [, option, path = ''] = /^(--find-links) (\/.*)$/.exec(line) ?? [];
  return option === undefined ? line : `${option} ${await carry(path)}`;
}

/** What is to be built from this machine's disk; a wheel on it too. */
export async function carrySource({ name, text, source }: Requirement, carry: Carry): Promise<string> {
  const [, named, url] = /^(\S+ @ )(file:\S+)$/.exec(text) ?? [];
  if (source === null)
    return url === undefined ? text : `${named}file://${await carry(new URL(url).pathname)}`;
  if (/^[a-z][a-z\d+.-]+:/i.test(source.location)) return source.location;
  const place = `file://${await carry(source.location)}`;
  return name === null
    ? `${place.slice('file://'.length)}${formatExtras(source.extras)}`
    : `${name}${formatExtras(source.extras)} @ ${place}`;
}
