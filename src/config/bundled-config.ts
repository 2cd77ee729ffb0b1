import { join } from 'node:path';
import { type OwnManifest, readOwnManifest } from '../util/own-manifest.ts';
import { parseConfig } from './parse-config.ts';
import type { LoadedConfig } from './types.ts';

/** The functions that come with lambda-slim: the "lambda-slim" key of its own package.json. */
export async function loadBundledConfig(manifest?: OwnManifest): Promise<LoadedConfig> {
  const { root, json } = manifest ?? (await readOwnManifest());
  const source = join(root, 'package.json');
  return { config: parseConfig(json['lambda-slim'] ?? {}, source), dir: root, source };
}
