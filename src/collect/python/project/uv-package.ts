import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { normalizeName } from '../../../python/names.ts';
import { isDefaultIndex } from './default-index.ts';
import type { Requirement } from './types.ts';
import type { UvPackage } from './uv-lock.ts';

/** A package of a lock, pinned; null for one that is not there to be installed. */
export function toRequirement(item: UvPackage, lockDir: string): Requirement | null {
  const name = normalizeName(item.name);
  const hashes = [item.sdist, ...item.wheels].flatMap(file => file?.hash ?? []);
  const { source } = item;
  const text = (key: string): string => String(source[key]);
  const built = (kind: 'folder' | 'other', location: string): Requirement => ({
    name,
    text: item.name,
    hashes: [],
    source: { kind, location, extras: [] },
  });
  if ('virtual' in source) return null;
  if ('editable' in source) return built('folder', resolve(lockDir, text('editable')));
  if ('directory' in source) return built('folder', resolve(lockDir, text('directory')));
  if ('git' in source) return built('other', toGitUrl(text('git'), source.subdirectory));
  const place =
    'url' in source
      ? text('url')
      : 'path' in source
        ? pathToFileURL(resolve(lockDir, text('path'))).href
        : null;
  if (place === null) return { name, text: `${item.name}==${item.version}`, hashes, source: null };
  if (place.replace(/#.*$/, '').endsWith('.whl'))
    return { name, text: `${item.name} @ ${place}`, hashes, source: null };
  return { ...built('other', place), hashes };
}

/** `https://host/repo?rev=main#commit` is `git+https://host/repo@commit`. */
function toGitUrl(git: string, subdirectory: unknown): string {
  const [, url = git, query = '', commit = ''] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(git) ?? [];
  const folder = subdirectory ?? new URLSearchParams(query).get('subdirectory');
  return `git+${url}@${commit}${folder ? `#subdirectory=${folder}` : ''}`;
}

/** Where the packages of a lock come from, the default index aside. */
export function uvOptions(packages: readonly UvPackage[], lockDir: string): readonly string[] {
  const registries = new Set(
    packages.flatMap(({ source }) => ('registry' in source ? String(source.registry) : [])),
  );
  return [...registries]
    .filter(registry => !isDefaultIndex(registry))
    .map(registry =>
      /^[a-z]+:/i.test(registry)
        ? `--extra-index-url ${registry}`
        : `--find-links ${resolve(lockDir, registry)}`,
    );
}
