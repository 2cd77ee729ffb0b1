import { readTexts } from '../zip/read-texts.ts';
import type { Unit } from './find-units.ts';

/** Manifests are small; who makes them larger than this in all does so on purpose. */
const MAX_BYTES = 64 * 1024 * 1024;

/** A package's own manifest: it names the licence. The licence files themselves stay in the packages. */
const MANIFEST = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$|^[^/]+\.dist-info\/METADATA$/;

/** The licences that the manifests of each unit name, by the unit's name. */
export async function findLicenses(
  zip: string,
  units: readonly Unit[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const owners = new Map(units.flatMap(({ name, picks }) => picks.map(({ entry }) => [entry.path, name])));
  const isWanted = ({ path }: { readonly path: string }): boolean => owners.has(path) && MANIFEST.test(path);
  const texts = await readTexts(zip, isWanted, { maxBytes: MAX_BYTES, signal });
  const found = new Map<string, string[]>();
  for (const [path, text] of texts) {
    const license = readLicense(text);
    const name = owners.get(path);
    if (license === null || name === undefined) continue;
    found.set(name, [...(found.get(name) ?? []), license]);
  }
  return found;
}

/** The licence that a package.json or the METADATA of a Python distribution names. */
export function readLicense(text: string): string | null {
  return text.trimStart().startsWith('{') ? fromPackageJson(text) : fromMetadata(text);
}

function fromPackageJson(text: string): string | null {
  try {
    const { license } = JSON.parse(text) as { readonly license?: unknown };
    return typeof license === 'string' && license !== '' ? license : null;
  } catch {
    return null;
  }
}

/** `License` may hold the whole text, of which the first line says enough. */
function fromMetadata(text: string): string | null {
  const [head = ''] = text.split(/\r?\n\r?\n/);
  const [, expression] = /^License-Expression: *(.+)$/m.exec(head) ?? [];
  const [, license] = /^License: *(.+)$/m.exec(head) ?? [];
  return expression?.trim() ?? license?.trim().slice(0, 60) ?? null;
}
