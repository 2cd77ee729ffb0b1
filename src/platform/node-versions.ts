import { z } from 'zod';
import { SlimError } from '../errors.ts';
import { readData } from './read-data.ts';

const schema = z.strictObject({ source: z.string(), versions: z.record(z.string(), z.string()) });
const { versions } = readData('node-versions.json', schema);

/** The release that stands in for Lambda's own of a Node.js major; fixed, so that every machine takes the same. */
export function findNodeVersion(major: string): string {
  const version = versions[major];
  if (version === undefined) throw new SlimError('RUNTIME_UNSUPPORTED', [`nodejs${major}.x`]);
  return version;
}
