import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SlimError } from '../errors.ts';
import { isFile } from './find-entry.ts';

/** Reads what a config file holds, unchecked: JSON, the "lambda-slim" key of a package.json, or a module's default export. */
export async function readConfig(path: string): Promise<unknown> {
  if (!(await isFile(path))) throw new SlimError('CONFIG_MISSING', [path]);
  if (basename(path) === 'package.json') return readPackageConfig(path);
  return extname(path) === '.json' ? readJson(path) : importConfig(path);
}

/** The value under "lambda-slim" in a package.json, or undefined. */
export async function readPackageConfig(path: string): Promise<unknown> {
  const manifest = await readJson(path);
  return typeof manifest === 'object' && manifest !== null && 'lambda-slim' in manifest
    ? manifest['lambda-slim']
    : undefined;
}

async function readJson(path: string): Promise<unknown> {
  try {
    // Editors on Windows write a byte order mark, which JSON.parse refuses.
    return JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    throw explainRead(path, error);
  }
}

/** Caches of jiti stay off: they would write into the user's node_modules. */
async function importConfig(path: string): Promise<unknown> {
  try {
    const { createJiti } = await import('jiti');
    const alias = { 'lambda-slim': fileURLToPath(new URL('./define-config.js', import.meta.url)) };
    const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: false, alias });
    const namespace = await jiti.import<Readonly<Record<string, unknown>>>(path);
    return 'default' in namespace ? namespace.default : namespace;
  } catch (error) {
    throw explainRead(path, error);
  }
}

function explainRead(path: string, error: unknown): SlimError {
  const reason = error instanceof Error ? error.message : String(error);
  return new SlimError('CONFIG_UNREADABLE', [path, reason], { cause: error });
}
