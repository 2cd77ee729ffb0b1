import { crc32 } from 'node:zlib';
import type { CheckFinding, Copies } from '../findings-check.ts';
import { groupBy } from '../util/group-by.ts';
import { compareCodeUnits } from '../util/path.ts';
import type { Inspected } from './natives/inspected.ts';
import type { Owned } from './owners.ts';

const MIB = 1024 * 1024;
const MAX_SHOWN = 8;

/** Of a smaller file a second one is not worth a word, bytes. */
const MIN_FILE_BYTES = 64 * 1024;

/** Files of a folder that are as large as another one and larger than this are not compared, bytes. */
const MAX_COMPARED_BYTES = 128 * MIB;

/** Finds packages that are there more than once, in all parts of a function together. */
export function checkPackageCopies(packages: readonly Owned[]): readonly CheckFinding[] {
  const groups = groupBy(packages, ({ ecosystem, name }) => `${ecosystem} ${name}`);
  const copies = [...groups.values()].flatMap((group): Copies[] => {
    const [first] = group;
    if (first === undefined || new Set(group.map(({ dir }) => dir)).size < 2) return [];
    const versions = new Set(group.flatMap(({ version }) => version ?? []));
    const paths = group.map(({ dir, name, ecosystem }) => (ecosystem === 'npm' ? dir : `${dir}${name}`));
    return [
      {
        name: first.name,
        versions: [...versions].sort(compareCodeUnits),
        paths: paths.slice(0, MAX_SHOWN),
        copies: group.length,
        bytes: spareBytes(group),
      },
    ];
  });
  return toFindings('PACKAGE_COPIES', copies);
}

/** Folders of npm packages that are there more than once. */
export function foldersOfCopies(packages: readonly Owned[]): ReadonlySet<string> {
  const groups = groupBy(packages, ({ ecosystem, name }) => `${ecosystem} ${name}`);
  const copied = [...groups.values()].filter(group => group.length > 1).flat();
  return new Set(copied.filter(({ ecosystem }) => ecosystem === 'npm').map(({ dir }) => dir));
}

/** A file of one of the parts; `path` as it is told, `name` in the part. */
interface Large {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly part: Inspected;
}

/** Finds large files that are there more than once byte for byte, but for those of `told` folders. */
export function checkFileCopies(
  parts: readonly Inspected[],
  told: ReadonlySet<string>,
): readonly CheckFinding[] {
  const large = parts.flatMap((part, index) => listLarge(part, index));
  const alike = [...groupBy(large, ({ bytes }) => bytes).values()].filter(group => group.length > 1);
  const equal = alike.flatMap(group =>
    [...groupBy(group, sumOf)].flatMap(([sum, same]) => (sum === null || same.length < 2 ? [] : [same])),
  );
  const copies = equal
    .filter(group => !group.every(({ path }) => isIn(path, told)))
    .map(
      (group): Copies => ({
        name: (group[0]?.name ?? '').replace(/^.*\//, ''),
        versions: [],
        paths: group.slice(0, MAX_SHOWN).map(({ path }) => path),
        copies: group.length,
        bytes: spareBytes(group),
      }),
    );
  return toFindings('FILE_COPIES', copies);
}

function listLarge(part: Inspected, index: number): readonly Large[] {
  const prefix = index === 0 ? '' : `/opt/`;
  return [...part.sizes]
    .filter(([, bytes]) => bytes >= MIN_FILE_BYTES)
    .map(([name, bytes]) => ({ path: `${prefix}${name}`, name, bytes, part }));
}

/** The directory of a zip has it; null for what is too large to be read for it. */
function sumOf({ name, part }: Large): number | null {
  if (part.crcs) return part.crcs.get(name) ?? null;
  const [bytes] = part.withContents(read => read(name, MAX_COMPARED_BYTES));
  return bytes && crc32(bytes);
}

function isIn(path: string, folders: ReadonlySet<string>): boolean {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (folders.has(path.slice(0, end))) return true;
  }
  return false;
}

/** What all but the largest take. */
function spareBytes(group: readonly { readonly bytes: number }[]): number {
  const sizes = group.map(({ bytes }) => bytes);
  return sizes.reduce((sum, bytes) => sum + bytes, 0) - Math.max(...sizes);
}

function toFindings(
  code: 'PACKAGE_COPIES' | 'FILE_COPIES',
  copies: readonly Copies[],
): readonly CheckFinding[] {
  if (copies.length === 0) return [];
  const bytes = copies.reduce((sum, each) => sum + each.bytes, 0);
  const sorted = [...copies].sort((a, b) => b.bytes - a.bytes || compareCodeUnits(a.name, b.name));
  const level = bytes >= MIB ? 'warning' : 'info';
  return [{ code, level, copies: sorted.slice(0, MAX_SHOWN), count: copies.length, bytes }];
}
