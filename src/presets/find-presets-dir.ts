import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { orNull } from '../util/fs.ts';

/** Finds the folder of the built-in presets, which lies beside lambda-slim's own package.json, above this file. */
export async function findPresetsDir(from = fileURLToPath(import.meta.url)): Promise<string> {
  for (let dir = dirname(from); ; dir = dirname(dir)) {
    const text = await orNull(readFile(join(dir, 'package.json'), 'utf8'));
    const manifest: Readonly<Record<string, unknown>> = text === null ? {} : JSON.parse(text);
    if (manifest.name === 'lambda-slim') return join(dir, 'presets');
    if (dirname(dir) === dir) throw new Error(`No package.json of lambda-slim above ${from}`);
  }
}
