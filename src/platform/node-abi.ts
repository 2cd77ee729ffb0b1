import { z } from 'zod';
import type { Runtime } from '../types.ts';
import { readData } from './read-data.ts';

const { abis } = readData(
  'node-abi.json',
  z.strictObject({ source: z.string(), abis: z.record(z.string(), z.string()) }),
);

/** All known versions of Node.js's own ABI, one a major; not those of Electron. */
export const nodeAbis: readonly string[] = Object.values(abis);

/** `process.versions.modules` of a runtime: the one ABI for which it loads addons that do not use Node-API. Null where it is not known. */
export function nodeAbiOf({ language, version }: Pick<Runtime, 'language' | 'version'>): string | null {
  return language === 'nodejs' ? (abis[version] ?? null) : null;
}
