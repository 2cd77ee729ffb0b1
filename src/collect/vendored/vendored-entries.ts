import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../../errors.ts';
import type { Finding } from '../../findings.ts';
import type { Entry, Origin } from '../../types.ts';
import { exists } from '../../util/fs.ts';
import type { ChosenImage } from '../install/image/choose-image.ts';
import { listPackageFiles, statFile } from '../list-files.ts';
import { toEntry } from '../to-entry.ts';
import { FOLDER, findUsers } from './find-users.ts';

/** What of the image's system goes into the artifact. */
export interface VendoredEntries {
  readonly entries: readonly Entry[];
  readonly findings: readonly Finding[];
}

/** A library that was taken out of the image, and the package there that it belongs to; empty where none has it. */
interface Taken {
  readonly name: string;
  readonly package: string;
  readonly version: string;
}

/**
 * The system libraries in `dir` that are asked for by name, or that native files among `entries` need, with their licences; none
 * where `dir` is null. Throws `CONTAINER_LIBRARY_ABSENT`.
 */
export async function vendoredEntries(
  dir: string | null,
  entries: readonly Entry[],
  image: ChosenImage | null,
): Promise<VendoredEntries> {
  if (dir === null || image === null) return { entries: [], findings: [] };
  const absent = await readLines(join(dir, 'absent'));
  if (absent.length > 0) throw new SlimError('CONTAINER_LIBRARY_ABSENT', [absent, image.name]);
  const present = new Set<string>(entries.map(({ path }) => path));
  // What the user brings is what the user wants.
  const taken = (await readLines(join(dir, 'taken')))
    .map(toTaken)
    .filter(({ name }) => !present.has(`${FOLDER}/${name}`));
  const { vendorLibraries } = image.options;
  const names = taken.map(({ name }) => name);
  const wanted = vendorLibraries === true ? [] : vendorLibraries.filter(name => names.includes(name));
  const users = findUsers(dir, names, wanted, entries);
  const kept = taken.filter(({ name }) => users.has(name));
  const made: (Entry | Finding)[] = [];
  for (const each of kept)
    made.push(await toEntry(await statFile(join(dir, FOLDER, each.name)), dir, originOf(each, users)));
  for (const owner of new Set(kept.map(each => each.package))) made.push(...(await licencesOf(owner, dir)));
  const libraries = made.filter(each => 'kind' in each);
  return { entries: libraries, findings: kept.length > 0 ? [describe(kept, libraries, image.name)] : [] };
}

async function readLines(path: string): Promise<readonly string[]> {
  return (await readFile(path, 'utf8')).split('\n').filter(line => line !== '');
}

function toTaken(line: string): Taken {
  const [name = '', owner = '', version = ''] = line.split('\t');
  return { name, package: owner, version };
}

function originOf(taken: Taken, users: ReadonlyMap<string, readonly string[]>): Origin {
  const parents = users.get(taken.name) ?? [];
  return { kind: 'package', package: labelOf(taken), parents };
}

function labelOf({ name, package: owner, version }: Taken): string {
  return owner === '' ? name : `${owner}@${version}`;
}

const LICENCES = `${FOLDER}/licences`;

async function licencesOf(owner: string, dir: string): Promise<readonly (Entry | Finding)[]> {
  const folder = join(dir, LICENCES, owner);
  if (owner === '' || !(await exists(folder))) return [];
  const files = await listPackageFiles(folder);
  return Promise.all(
    files.map(file => toEntry(file, dir, { kind: 'generated', by: 'container.vendorLibraries' })),
  );
}

function describe(kept: readonly Taken[], entries: readonly Entry[], image: string): Finding {
  const isLicensed = (owner: string): boolean =>
    owner !== '' && entries.some(({ path }) => path.startsWith(`${LICENCES}/${owner}/`));
  const unlicensed = kept.filter(each => !isLicensed(each.package)).map(({ name }) => name);
  return {
    code: 'LIBRARIES_VENDORED',
    level: unlicensed.length > 0 ? 'warning' : 'info',
    libraries: kept.map(each => `${each.name} (${labelOf(each)})`),
    bytes: entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0),
    unlicensed,
    image,
  };
}
