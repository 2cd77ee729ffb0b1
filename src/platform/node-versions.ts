import { z } from 'zod';
import { SlimError } from '../errors.ts';
import { readData } from './read-data.ts';

const data = readData(
  'node-versions.json',
  z.strictObject({ source: z.string(), versions: z.record(z.string(), z.string()) }),
);

/** The release of a Node.js major that stands in for the one of Lambda; fixed, so that every machine takes the same. */
export function findNodeVersion(major: string): string {
  const version = data.versions[major];
  if (version === undefined) throw new SlimError('UNKNOWN_RUNTIME', [`nodejs${major}.x`, [], null]);
  return version;
}
