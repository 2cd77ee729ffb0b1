import { makeOwnerFinder } from '../presets/owners.ts';
import { listRequired, metadataFields } from '../python/metadata.ts';
import { normalizeName } from '../python/names.ts';
import { parseRecord, placeOf } from '../python/record.ts';
import type { PackageInstance } from '../types.ts';

const NPM_MANIFEST = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/@.][^/]*)\/package\.json$/;
const PYPI_MANIFEST = /^((?:.*\/)?)[^/]+\.dist-info\/METADATA$/;
const PYPI_RECORD = /^((?:.*\/)?[^/]+\.dist-info\/)RECORD$/;

/** A package as it lies in an artifact, with what its manifest says. */
export interface FoundPackage extends PackageInstance {
  readonly requires: readonly string[];
  /** As the manifest names it; null where it does not. */
  readonly license: string | null;
  /** Folder of its licence files: its own, or its `.dist-info`. */
  readonly infoDir: string;
}

/** Whether a text has to be read to know the packages. */
export function saysOfPackages(path: string): boolean {
  return NPM_MANIFEST.test(path) || PYPI_MANIFEST.test(path) || PYPI_RECORD.test(path);
}

/** The packages that manifests in an artifact name, by the texts of `saysOfPackages`. A manifest that cannot be read is none. */
export function findPackages(texts: ReadonlyMap<string, string>): readonly FoundPackage[] {
  return [...texts].flatMap(([path, text]) => {
    const [, folder] = NPM_MANIFEST.exec(path) ?? [];
    const found =
      folder === undefined ? fromMetadata(path, text, texts) : fromPackageJson(path, folder, text);
    return found ?? [];
  });
}

/** Makes the question "whose is this path?"; bytecode beside a recorded source goes with it, and what a package brings inside of it is its own. */
export function makeFinder(packages: readonly FoundPackage[]): (path: string) => FoundPackage | undefined {
  const deepestFirst = [...packages].sort((a, b) => b.dir.length - a.dir.length);
  const find = makeOwnerFinder(deepestFirst) as (path: string) => FoundPackage | undefined;
  return path => find(path) ?? find(path.replace(/__pycache__\/([^/]+?)\.[\w-]+\.pyc$/, '$1.py'));
}

function fromPackageJson(path: string, folder: string, text: string): FoundPackage | null {
  const json = parseObject(text);
  if (!json) return null;
  const dir = path.slice(0, -'/package.json'.length);
  return {
    ecosystem: 'npm',
    name: textOf(json.name) ?? folder,
    version: textOf(json.version) ?? '',
    dir,
    owns: null,
    requires: [...new Set([...keysOf(json.dependencies), ...keysOf(json.optionalDependencies)])],
    license: npmLicense(json),
    infoDir: dir,
  };
}

/** `license` is an expression; older manifests have an object, or a list under `licenses`. */
function npmLicense(json: Readonly<Record<string, unknown>>): string | null {
  const all = [json.license, ...(Array.isArray(json.licenses) ? json.licenses : [])].flatMap(value => {
    const name = textOf(value) ?? (isObject(value) ? textOf(value.type) : null);
    return name ?? [];
  });
  return all.length > 1 ? `(${all.join(' OR ')})` : (all[0] ?? null);
}

function fromMetadata(path: string, text: string, texts: ReadonlyMap<string, string>): FoundPackage | null {
  const [, parent] = PYPI_MANIFEST.exec(path) ?? [];
  const [rawName] = metadataFields(text, 'Name');
  if (parent === undefined || rawName === undefined) return null;
  const infoDir = path.slice(0, -'/METADATA'.length);
  const record = parseRecord(texts.get(`${infoDir}/RECORD`) ?? '').flatMap(line => placeOf(line) ?? []);
  return {
    ecosystem: 'pypi',
    name: normalizeName(rawName),
    version: metadataFields(text, 'Version')[0] ?? '',
    dir: parent.replace(/\/$/, ''),
    owns: [path, `${infoDir}/RECORD`, ...record.map(place => parent + place)],
    requires: listRequired(text).flatMap(({ name, isExtra }) => (isExtra ? [] : name)),
    license: pypiLicense(text),
    infoDir,
  };
}

/** `License` may hold a whole text, of which nothing can be named; classifiers then do. */
function pypiLicense(text: string): string | null {
  const [expression] = metadataFields(text, 'License-Expression');
  const [name] = metadataFields(text, 'License');
  const classified = metadataFields(text, 'Classifier').flatMap(line =>
    line.startsWith('License ::') ? (line.split('::').at(-1)?.trim() ?? []) : [],
  );
  return expression ?? (name && name.length <= 60 && name !== 'UNKNOWN' ? name : (classified[0] ?? null));
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function keysOf(value: unknown): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}
