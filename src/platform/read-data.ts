import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { readOwnManifest } from '../util/own-manifest.ts';

/** Reads one of the data files of this room, which are shipped as they are. */
export function readData<S extends z.ZodType>(name: string, schema: S): z.infer<S> {
  const path = join(readOwnManifest().root, 'src', 'platform', name);
  return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
}
