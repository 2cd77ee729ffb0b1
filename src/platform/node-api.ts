import { z } from 'zod';
import { readData } from './read-data.ts';

const schema = z.strictObject({
  sources: z.record(z.string(), z.string()),
  majors: z.record(z.string(), z.int().positive()),
  symbols: z.record(z.string(), z.array(z.string())),
});
const data = readData('node-api.json', schema);

const versionBySymbol: ReadonlyMap<string, number> = new Map(
  Object.entries(data.symbols).flatMap(([version, names]) =>
    names.map((name): [string, number] => [name, Number(version)]),
  ),
);

/** The Node-API version that a function of it came with; null for a name that is none, or still experimental. */
export function nodeApiVersionOf(symbol: string): number | null {
  return versionBySymbol.get(symbol) ?? null;
}

/** The newest Node-API version of a Node.js major such as `22`; null for one that the table does not know. */
export function newestNodeApi(major: string): number | null {
  return data.majors[major] ?? null;
}
