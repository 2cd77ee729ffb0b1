import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelSpec, parseModelSpec } from '../../../src/handlers/resnet/model-spec.ts';

const FUNCTION_DIR = join(process.cwd(), 'src/handlers/resnet');
export const MODEL_DIR = join(FUNCTION_DIR, 'model');

/** The bytes of a sample picture of the bundled function. */
export function readSample(name: string): Promise<Buffer> {
  return readFile(join(FUNCTION_DIR, 'samples', name));
}

/** model.json of the bundled model, with what a test wants otherwise. */
export async function readSpec(input: Partial<ModelSpec['input']> = {}): Promise<ModelSpec> {
  const spec = parseModelSpec(await readFile(join(MODEL_DIR, 'model.json'), 'utf8'));
  return { ...spec, input: { ...spec.input, ...input } };
}

/** An event of fixtures/events. */
export async function readEvent(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(process.cwd(), 'fixtures/events', `${name}.json`), 'utf8'));
}
