import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIBRARY_DIR } from '../codec/library-index.ts';
import type { Runtime } from '../types.ts';
import { readOwnManifest } from '../util/own-manifest.ts';

const NODE_FILES = [
  'follow.cjs',
  'rest.cjs',
  'rest-dlopen.cjs',
  'rest-esm.cjs',
  'rest-fetch.cjs',
  'rest-fs.cjs',
  'rest-hooks.cjs',
  'rest-index.cjs',
  'rest-modules.cjs',
  'rest-readdir.cjs',
  'rest-resolve.cjs',
  'rest-stat.cjs',
  'rest-store.cjs',
  'rest-zip.cjs',
] as const;
const PYTHON_FILES = [
  'lambda_slim_rest.py',
  'lambda_slim_rest_files.py',
  'lambda_slim_rest_fetch.py',
] as const;

/** Code of the shim's files, by their paths in the artifact. */
export function loadRestShims(language: Runtime['language']): ReadonlyMap<string, Uint8Array> {
  if (language === 'python') {
    const folder = join(readOwnManifest().root, 'src', 'shims');
    return new Map(PYTHON_FILES.map(name => [name, readFileSync(join(folder, name))]));
  }
  const folder = fileURLToPath(new URL('../shims/', import.meta.url));
  return new Map(NODE_FILES.map(name => [`${LIBRARY_DIR}/${name}`, readFileSync(join(folder, name))]));
}
