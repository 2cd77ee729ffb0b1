import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIBRARY_DIR } from '../codec/library-index.ts';
import type { Runtime } from '../types.ts';
import { readOwnManifest } from '../util/own-manifest.ts';

const NODE_FILES = ['efs.cjs', 'efs-imports.cjs', 'efs-root.cjs', 'follow.cjs'] as const;
const PYTHON_FILE = 'lambda_slim_efs.py';

/** Code of the shim's files, by their paths in the artifact. */
export function loadEfsShims(language: Runtime['language']): ReadonlyMap<string, Uint8Array> {
  if (language === 'python')
    return new Map([[PYTHON_FILE, readFileSync(join(readOwnManifest().root, 'src', 'shims', PYTHON_FILE))]]);
  const folder = fileURLToPath(new URL('../shims/', import.meta.url));
  return new Map(NODE_FILES.map(name => [`${LIBRARY_DIR}/${name}`, readFileSync(join(folder, name))]));
}
