import { makeBytes } from '../zip/sample-data.ts';
import { memoryInput, write } from './fixtures.ts';

const MODELS = Array.from({ length: 3 }, (_, seed) => makeBytes(9_000_000, seed));

/** Writes a bundle all of whose chunks tell the version. */
export async function writeVersion(out: string, version: string): Promise<void> {
  const models = MODELS.map((bytes, i) =>
    memoryInput(`model/${i}`, Buffer.concat([bytes, Buffer.from(version)])),
  );
  await write([memoryInput('version', version), ...models], out);
}
