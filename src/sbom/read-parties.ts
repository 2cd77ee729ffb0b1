import { createHash } from 'node:crypto';
import { makeFinder } from '../inventory/find-packages.ts';
import { openInventory } from '../inventory/read-inventory.ts';
import type { Inventory, InventoryPackage } from '../inventory/types.ts';
import { compareCodeUnits } from '../util/path.ts';
import { isLicensePath, parseBundledLicenses } from './license-files.ts';

/** A package of one version that is in an artifact, with all its copies. */
export interface Party {
  readonly ecosystem: InventoryPackage['ecosystem'];
  readonly name: string;
  readonly version: string;
  readonly license: string | null;
  readonly requires: readonly string[];
  /** Where it lies: folders in the artifact, or the bundle that its code is in. */
  readonly places: readonly string[];
  /** SHA-256 of the list of its files, `<sha256>  <path>` a line; null where its code is in a bundle only. */
  readonly sha256: string | null;
  /** Texts of its licences and notices; empty where none was found. */
  readonly texts: readonly string[];
}

/** What of others is in an artifact. */
export interface Parties {
  readonly inventory: Inventory;
  /** Sorted by ecosystem, name and version. */
  readonly parties: readonly Party[];
}

/** Finds the packages that are really in a zip or a folder, with digests and licences. Throws like `readInventory`. */
export async function readParties(path: string, signal: AbortSignal): Promise<Parties> {
  const { inventory, source, found } = await openInventory(path, signal);
  const find = makeFinder(found);
  const texts = await source.texts(each => isLicensePath(each, find(each)?.infoDir ?? null));
  const hashes = await source.hashes();
  const filesOf = new Map<string, string[]>();
  for (const { path: file, group } of inventory.files) {
    const files = filesOf.get(group);
    if (files) files.push(file);
    else filesOf.set(group, [file]);
  }
  const bundled = parseBundledLicenses(texts);
  const parties = new Map<string, Party>();
  for (const each of inventory.packages) {
    const label = each.version === '' ? each.name : `${each.name}@${each.version}`;
    const key = `${each.ecosystem}\0${label}`;
    const before = parties.get(key);
    const files = each.isBundled ? [] : (filesOf.get(label) ?? []);
    const own = files.flatMap(file => (isLicensePath(file, infoDirOf(file)) ? (texts.get(file) ?? []) : []));
    const inBundle = each.isBundled ? (bundled.get(label) ?? []) : [];
    parties.set(key, {
      ...{ ecosystem: each.ecosystem, name: each.name, version: each.version },
      license: before?.license ?? each.license,
      requires: [...new Set([...(before?.requires ?? []), ...each.requires])],
      places: [...(before?.places ?? []), each.dir],
      sha256: before?.sha256 ?? hashFiles(files, hashes),
      texts: [...new Set([...(before?.texts ?? []), ...[...own, ...inBundle].map(tidy)])].filter(Boolean),
    });
  }
  return { inventory, parties: [...parties.values()] };

  function infoDirOf(file: string): string | null {
    return find(file)?.infoDir ?? null;
  }
}

function hashFiles(files: readonly string[], hashes: ReadonlyMap<string, string>): string | null {
  if (files.length === 0) return null;
  const lines = [...files].sort(compareCodeUnits).map(file => `${hashes.get(file) ?? ''}  ${file}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

function tidy(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/^\uFEFF/, '')
    .trim();
}
