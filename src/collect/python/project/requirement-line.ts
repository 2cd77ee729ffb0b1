import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { holds, type MarkerEnvironment } from '../../../python/markers.ts';
import { normalizeName } from '../../../python/names.ts';
import { formatExtras, parseRequirement } from '../../../python/requirement.ts';
import { findBadSpecifier } from '../../../python/versions.ts';
import type { Requirement } from './types.ts';

const URL_START = /^[a-z][a-z\d+.-]+:/i;
const ARCHIVE = /\.(?:whl|tar\.gz|tgz|tar\.bz2|tar\.xz|tar|zip)$/i;

/**
 * Reads one requirement of pip's format: PEP 508, a path relative to `dir`, or a URL. Null where its marker does not hold for the
 * target and it would have to be built; the other markers are left to pip. Throws `SyntaxError`.
 */
export function readRequirement(
  text: string,
  dir: string,
  environment: MarkerEnvironment,
  hashes: readonly string[] = [],
): Requirement | null {
  const parsed = ARCHIVE.test(text) && !text.includes('@') ? null : parseRequirement(text);
  if (parsed && parsed.url === null) {
    checkSpecifiers(parsed.specifiers);
    return { name: parsed.name, text, hashes, source: null };
  }
  const [, place = '', extras = '', marker = ''] =
    /^(.*?)(?:\[([^\]]*)\])?\s*(?:\s;\s*(.*))?$/s.exec(parsed?.url ?? text) ?? [];
  const condition = parsed?.marker ?? marker;
  if (condition !== '' && !holds(condition, environment)) return null;
  const location = toLocation(place, dir);
  const named = parsed ?? { name: nameInUrl(place), extras: extras.split(',').filter(Boolean) };
  const wheelName = nameOfWheel(location);
  if (wheelName !== null) {
    const name = parsed?.name ?? wheelName;
    return { name, text: wheelLine({ ...named, name }, location), hashes, source: null };
  }
  const kind = isFolder(location) ? 'folder' : 'other';
  return { name: named.name, text, hashes, source: { kind, location, extras: named.extras } };
}

function checkSpecifiers(specifiers: string): void {
  const bad = findBadSpecifier(specifiers);
  if (bad === null) return;
  const better = /^=[^=]/.test(bad) ? `; "=${bad}" is one` : '';
  throw new SyntaxError(`${JSON.stringify(bad)} is no version specifier${better}`);
}

/** `file:./a` and paths become absolute paths; other URLs stay. */
function toLocation(place: string, dir: string): string {
  const isFile = place.startsWith('file:');
  if (!isFile && URL_START.test(place) && !/^[a-z]:[\\/]/i.test(place)) return place;
  const path = place.startsWith('file://')
    ? fileURLToPath(place.replace(/#.*$/, ''))
    : resolve(dir, place.replace(/^file:/, ''));
  if (existsSync(path)) return path;
  const what = isFile ? 'does not exist' : 'is neither a requirement nor a file that exists';
  throw new SyntaxError(`${JSON.stringify(place)} ${what}`);
}

function isFolder(location: string): boolean {
  return !URL_START.test(location) && statSync(location, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** `numpy` of `…/numpy-2.4.0-cp312-….whl`; null for what is no wheel. */
function nameOfWheel(location: string): string | null {
  const [, name] = /(?:^|[\\/])([^\\/-]+)-[^\\/]*\.whl(?:#.*)?$/.exec(location) ?? [];
  return name === undefined ? null : normalizeName(name);
}

/** `…#egg=name` */
function nameInUrl(url: string): string | null {
  const [, egg] = /#(?:.*&)?egg=([\w.-]+)/.exec(url) ?? [];
  return egg ?? null;
}

/** A wheel in a folder here is named by URL too, which is the form that pip and uv both take with a name. */
function wheelLine({ name, extras }: { name: string; extras: readonly string[] }, location: string): string {
  const url =
    URL_START.test(location) && !/^[a-z]:[\\/]/i.test(location) ? location : pathToFileURL(location).href;
  return `${name}${formatExtras(extras)} @ ${url}`;
}
