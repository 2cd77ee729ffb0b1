import { readTexts } from '../zip/read-texts.ts';

const RECORD = /^([^/]+)\.dist-info\/RECORD$/;

/** Name of the distribution whose RECORD this is: `numpy-2.2.6.dist-info/RECORD` is `numpy`. */
function distributionOf(recordPath: string): string {
  const [, stem = recordPath] = RECORD.exec(recordPath) ?? [];
  return stem.replace(/-[^-]*$/, '');
}

/** Paths of a RECORD, which is CSV with the path first (https://packaging.python.org/en/latest/specifications/recording-installed-packages/). */
export function readRecord(text: string): readonly string[] {
  return text.split(/\r?\n/).flatMap(line => {
    const [, quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(line) ?? [];
    const path = quoted?.replaceAll('""', '"') ?? plain ?? '';
    return path === '' || path.startsWith('..') || path.startsWith('/') ? [] : [path];
  });
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

/** Above this, RECORDs are none. */
const MAX_BYTES = 256 * 1024 * 1024;

/** The files of each Python distribution of an artifact, by its name. */
export async function readDistributions(
  zip: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const texts = await readTexts(zip, ({ path }) => RECORD.test(path), { maxBytes: MAX_BYTES, signal });
  return new Map([...texts].map(([path, text]) => [distributionOf(path), readRecord(text)]));
}
