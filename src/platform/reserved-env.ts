import { z } from 'zod';
import { readData } from './read-data.ts';

const data = readData(
  'reserved-env.json',
  z.strictObject({ source: z.string(), names: z.array(z.string()) }),
);

/** Names of variables that Lambda sets itself and that no function may bring. */
export const reservedEnvironment: ReadonlySet<string> = new Set(data.names);
