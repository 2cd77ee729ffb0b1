import { join } from 'node:path';
import { readOwnManifest } from '../util/own-manifest.ts';
import { parseConfig } from './parse-config.ts';
import { readConfig } from './read-config.ts';
import type { LoadedConfig } from './types.ts';

/** Functions that are built when they are asked for by name, also in a checkout of lambda-slim; paths are from its root. */
const BY_NAME = 'src/handlers/functions.json';

/** The functions that come with lambda-slim: the "lambda-slim" key of its own package.json, and those that are built by name only. */
export async function loadBundledConfigs(): Promise<readonly LoadedConfig[]> {
  const { root, json } = readOwnManifest();
  const source = join(root, 'package.json');
  const byName = join(root, BY_NAME);
  return [
    { config: parseConfig(json['lambda-slim'] ?? {}, source), dir: root, source },
    { config: parseConfig(await readConfig(byName), byName), dir: root, source: byName },
  ];
}
