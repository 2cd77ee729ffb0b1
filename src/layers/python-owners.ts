import { parseRecord, placeOf } from '../python/record.ts';
import { readTexts } from '../zip/read-texts.ts';

const RECORD = /^([^/]+)\.dist-info\/RECORD$/;

/** Name of the distribution whose RECORD this is: `numpy-2.2.6.dist-info/RECORD` is `numpy`. */
function distributionOf(recordPath: string): string {
  const [, stem = recordPath] = RECORD.exec(recordPath) ?? [];
  return stem.replace(/-[^-]*$/, '');
}

/** Whose a file is, and the folder of the layer that takes it, with its slash. */
export interface Owner {
  readonly name: string;
  readonly folder: 'nodejs/' | 'python/';
}

/** Who a file of a Python artifact belongs to. Bytecode and what lies beside a listed file in its package go with the package. */
export function ownerOfPython(
  distributions: ReadonlyMap<string, readonly string[]>,
): (path: string) => Owner | null {
  const files = new Map<string, string>();
  const folders = new Map<string, Set<string>>();
  for (const [name, paths] of distributions) {
    for (const path of paths) {
      files.set(path, name);
      const [top = '', ...rest] = path.split('/');
      if (rest.length > 0) folders.set(top, (folders.get(top) ?? new Set()).add(name));
    }
  }
  return path => {
    const [top = '', ...rest] = path.split('/');
    const owners = rest.length > 0 ? folders.get(top) : undefined;
    // A namespace package has several owners; what none of them lists is the user's own.
    const name = files.get(path) ?? (owners?.size === 1 ? [...owners][0] : undefined);
    return name === undefined ? null : { name, folder: 'python/' };
  };
}

/** The recorded files that lie among the packages. */
function listPlaces(record: string): readonly string[] {
  return parseRecord(record).flatMap(line => placeOf(line) ?? []);
}

/** Above this, RECORDs are none. */
const MAX_BYTES = 256 * 1024 * 1024;

/** The files of each Python distribution of an artifact, by its name. */
export async function readDistributions(
  zip: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const texts = await readTexts(zip, ({ path }) => RECORD.test(path), { maxBytes: MAX_BYTES, signal });
  return new Map([...texts].map(([path, text]) => [distributionOf(path), listPlaces(text)]));
}
