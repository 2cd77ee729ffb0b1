import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenUrl, readVerified, saveVerified } from './download.ts';
import type { ModelSource } from './model-source.ts';
import { type ModelSpec, parseModelSpec } from './model-spec.ts';

export interface LoadedModel {
  readonly spec: ModelSpec;
  /** Of the ONNX file on disk. */
  readonly path: string;
}

const MAX_SPEC_BYTES = 1024 * 1024;

/** Protocol Buffers, and so an ONNX file, end there. */
const MAX_MODEL_BYTES = 2 ** 31;

/** Reads model.json and sees to it that its model is on disk. What was downloaded was verified; it goes to `downloadDir`. */
export async function loadModel(
  source: ModelSource,
  open: OpenUrl,
  downloadDir: string,
): Promise<LoadedModel> {
  if (source.kind === 'folder') {
    const spec = parseModelSpec(await readFile(join(source.dir, 'model.json'), 'utf8'));
    return { spec, path: join(source.dir, spec.file) };
  }
  const text = await readVerified(
    await open(new URL('model.json', source.base)),
    source.sha256,
    MAX_SPEC_BYTES,
  );
  const spec = parseModelSpec(text);
  if (spec.sha256 === null) throw new Error('model.json: a model that is downloaded needs its "sha256".');
  const path = join(downloadDir, `${spec.sha256}.onnx`);
  await saveVerified(() => open(new URL(spec.file, source.base)), path, spec.sha256, MAX_MODEL_BYTES);
  return { spec, path };
}
