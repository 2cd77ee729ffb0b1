import { readJson } from './json-reader.ts';
import type { BundlePointer } from './types.ts';

/** Reads `bundle.json`; `where` is for messages. Throws `BUNDLE_INVALID`. */
export function parsePointer(json: Uint8Array, where: string): BundlePointer {
  const { value, reader } = readJson(json, where);
  const pointer = reader.object(value, 'it', ['schema', 'name', 'release']);
  if (pointer.schema !== 1) return reader.fail('it is of another version of lambda-slim');
  return {
    schema: 1,
    name: reader.name(pointer.name),
    release: reader.sha256(pointer.release, 'the release'),
  };
}
