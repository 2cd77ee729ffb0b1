import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Framework } from '../platform/sagemaker-images.ts';
import { readOwnManifest } from '../util/own-manifest.ts';

/** The `code/inference.py` that stands between a container and a function; shipped as it is. */
export function loadAdapter(framework: Framework): Promise<Buffer> {
  return readFile(join(readOwnManifest().root, 'src', 'sagemaker', `${framework}_inference.py`));
}
