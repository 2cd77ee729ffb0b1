import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIBRARY_DIR } from '../codec/library-index.ts';
import type { Runtime } from '../types.ts';
import { readOwnManifest } from '../util/own-manifest.ts';

const NODE_FILES = ['efs.cjs', 'efs-imports.cjs', 'efs-root.cjs', 'follow.cjs'] as const;
const PYTHON_FILE = 'lambda_slim_efs.py';

/** Where a shim wants the path that it looks for in a release, as a text of JavaScript or Python. */
const EXPECTED = /(['"])\{\{expected\}\}\1/;

/** Code of the shim's files, by their paths in the artifact; `expected` is a path that each release has, or empty. */
export function loadEfsShims(
  language: Runtime['language'],
  expected: string,
): ReadonlyMap<string, Uint8Array> {
  const load = (folder: string, name: string): Uint8Array =>
    Buffer.from(readFileSync(join(folder, name), 'utf8').replace(EXPECTED, () => JSON.stringify(expected)));
  if (language === 'python')
    return new Map([[PYTHON_FILE, load(join(readOwnManifest().root, 'src', 'shims'), PYTHON_FILE)]]);
  const folder = fileURLToPath(new URL('../shims/', import.meta.url));
  return new Map(NODE_FILES.map(name => [`${LIBRARY_DIR}/${name}`, load(folder, name)]));
}
