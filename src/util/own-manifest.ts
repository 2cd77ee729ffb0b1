import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** lambda-slim's own package.json, and the folder it lies in. */
export interface OwnManifest {
  readonly root: string;
  readonly version: string;
  readonly json: Readonly<Record<string, unknown>>;
}

let own: OwnManifest | undefined;

/** Finds lambda-slim's own package, which lies above this file however it was compiled and installed. Read once. */
export function readOwnManifest(): OwnManifest {
  own ??= findOwnManifest(dirname(fileURLToPath(import.meta.url)));
  return own;
}

function findOwnManifest(from: string): OwnManifest {
  for (let dir = from; ; dir = dirname(dir)) {
    const path = join(dir, 'package.json');
    const json: Readonly<Record<string, unknown>> = existsSync(path)
      ? JSON.parse(readFileSync(path, 'utf8'))
      : {};
    if (json.name === 'lambda-slim') return { root: dir, version: String(json.version), json };
    if (dirname(dir) === dir) throw new Error(`No package.json of lambda-slim above ${from}`);
  }
}
