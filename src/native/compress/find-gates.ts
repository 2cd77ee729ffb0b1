import { posix } from 'node:path';
import { LIBRARY_DIR } from '../../codec/library-index.ts';
import type { NativeFile } from '../../elf/types.ts';
import type { ArtifactPath } from '../../types.ts';
import { toArtifactPath } from '../../util/path.ts';
import { folderOf, foldersOf, type TreeIndex } from './tree-index.ts';
import type { MovedFile } from './types.ts';

/** Where Python comes by on its way to a library: a stub here makes the mirror in time. */
export interface Gate {
  readonly stub: ArtifactPath;
  /** Files that give way to the stub. */
  readonly moved: readonly string[];
}

/** `_x.cpython-312-x86_64-linux-gnu.so`, `_x.abi3.so` */
const TAGGED_MODULE = /^([^.]+)\.(?:cpython-[^.]+|abi3)\.so$/;
const PLAIN_MODULE = /^([A-Za-z_]\w*)\.so$/;

/**
 * The gate of a file: the highest package around it that has an `__init__.py`, since Python runs that first; for an extension
 * module in no such package, the module itself. Null where no import leads to the file.
 */
export function findGate(path: string, native: NativeFile | undefined, index: TreeIndex): Gate | null {
  const folder = foldersOf(path).find(above => isPackage(above, index));
  return folder === undefined ? findModuleGate(path, native, index) : packageGate(folder, index);
}

function isPackage(folder: string, { folders }: TreeIndex): boolean {
  const names = folders.get(folder);
  return names !== undefined && (names.has('__init__.py') || names.has('__init__.pyc'));
}

function packageGate(folder: string, { folders }: TreeIndex): Gate {
  const inside = (below: string, pattern: RegExp) =>
    [...(folders.get(below) ?? [])].filter(name => pattern.test(name)).map(name => `${below}/${name}`);
  return {
    stub: toArtifactPath(`${folder}/__init__.py`),
    // Bytecode with an unchecked hash would be taken for that of the stub. Extension modules come before Python's.
    moved: [
      ...inside(folder, /^__init__\.(?:py|(?:.*\.)?so)$/),
      ...inside(`${folder}/__pycache__`, /^__init__\..*pyc$/),
    ],
  };
}

function findModuleGate(path: string, native: NativeFile | undefined, index: TreeIndex): Gate | null {
  const name = posix.basename(path);
  const speaksPython =
    native?.format === 'elf' && native.facts.imports.some(symbol => /^_?Py[A-Z]/.test(symbol));
  const [, module] = TAGGED_MODULE.exec(name) ?? (speaksPython ? PLAIN_MODULE.exec(name) : null) ?? [];
  if (module === undefined) return null;
  const stub = posix.join(folderOf(path), `${module}.py`);
  if (index.files.has(stub) || index.links.has(stub)) return null;
  return { stub: toArtifactPath(stub), moved: [path] };
}

/** The place of a file that leaves its own to a stub. */
export function moveAside(path: string): MovedFile {
  return { from: toArtifactPath(path), to: toArtifactPath(`${LIBRARY_DIR}/python/${path}`) };
}
