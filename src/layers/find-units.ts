import type { LayerKind } from '../publish-types.ts';
import { compareCodeUnits } from '../util/path.ts';
import type { ZipEntry } from '../zip/read-zip.ts';
import { type ZipPick, zippedBytesOf } from '../zip/repack-zip.ts';
import { type Owner, ownerOfPython } from './python-owners.ts';

/** What goes into one layer as a whole: a package, or own files. Sizes are bytes. */
export interface Unit {
  readonly name: string;
  readonly kind: LayerKind;
  /** With the paths that they have in the layer. */
  readonly picks: readonly ZipPick[];
  /** In a zip, headers counted. */
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
}

export interface UnitRequest {
  readonly entries: readonly ZipEntry[];
  readonly language: 'nodejs' | 'python';
  /** Whether an own file goes into a layer too. */
  readonly isModel: (path: string) => boolean;
  /** Files of each Python distribution; none for Node.js. */
  readonly distributions: ReadonlyMap<string, readonly string[]>;
}

/** A package's own name, `@scope/name` as well. */
const PACKAGE = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const NATIVE = /\.(?:node|so(?:\.[0-9.]+)?)$/;

/** Units by name, sorted; what belongs to none stays in the function. */
export function findUnits(request: UnitRequest): readonly Unit[] {
  const owner = request.language === 'nodejs' ? ownerOfNpm : ownerOfPython(request.distributions);
  const groups = new Map<string, ZipPick[]>();
  const models = new Set<string>();
  for (const entry of request.entries) {
    if (entry.kind === 'folder') continue;
    // A link beside packages stands for one.
    const owned = owner(entry.kind === 'link' ? `${entry.path}/` : entry.path);
    const name = owned?.name ?? (request.isModel(entry.path) ? topOf(entry.path) : null);
    if (name === null) continue;
    if (!owned) models.add(name);
    const pick = { entry, path: `${owned?.folder ?? ''}${entry.path}` };
    const group = groups.get(name);
    if (group) group.push(pick);
    else groups.set(name, [pick]);
  }
  return [...groups]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .map(([name, picks]) => toUnit(name, picks, models.has(name)));
}

function ownerOfNpm(path: string): Owner | null {
  const [, name] = PACKAGE.exec(path) ?? [];
  return name === undefined ? null : { name, folder: 'nodejs/' };
}

/** The folder at the top, or the file itself; the slash keeps it apart from packages of that name. */
function topOf(path: string): string {
  const [top = '', ...rest] = path.split('/');
  return rest.length === 0 ? `./${top}` : `${top}/`;
}

function toUnit(name: string, unsorted: readonly ZipPick[], isModel: boolean): Unit {
  const picks = [...unsorted].sort((a, b) => compareCodeUnits(a.path, b.path));
  const isNative = picks.some(({ path }) => NATIVE.test(path));
  return {
    name,
    kind: isModel ? 'models' : isNative ? 'native' : 'deps',
    picks,
    zippedBytes: picks.reduce((sum, pick) => sum + zippedBytesOf(pick), 0),
    unzippedBytes: picks.reduce((sum, { entry }) => sum + entry.bytes, 0),
  };
}
