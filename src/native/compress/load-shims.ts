import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIBRARY_DIR } from '../../codec/library-index.ts';
import type { Runtime } from '../../types.ts';
import { readOwnManifest } from '../../util/own-manifest.ts';

const NODE_FILES = ['inflate.cjs', 'inflate-chunks.cjs', 'follow.cjs'] as const;
const PYTHON_FILE = 'lambda_slim_libraries.py';

/** Code of the shim's files, by their paths in the artifact. They are shipped as they are: compiled for Node.js, in source for Python. */
export function loadShims(language: Runtime['language']): ReadonlyMap<string, Uint8Array> {
  if (language === 'python') {
    const path = join(readOwnManifest().root, 'src', 'shims', PYTHON_FILE);
    return new Map([[PYTHON_FILE, readFileSync(path)]]);
  }
  const folder = fileURLToPath(new URL('../../shims/', import.meta.url));
  return new Map(NODE_FILES.map(name => [`${LIBRARY_DIR}/${name}`, readFileSync(join(folder, name))]));
}
