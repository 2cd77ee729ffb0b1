import { z } from 'zod';
import { SlimError } from '../errors.ts';
import type { Runtime } from '../types.ts';
import { findNearest } from '../util/nearest.ts';
import { readData } from './read-data.ts';

const date = z.iso.date().nullable();
const system = z.strictObject({ glibc: z.string(), glibcxx: z.string(), cxxabi: z.string() });
const schema = z.strictObject({
  sources: z.record(z.string(), z.string()),
  systems: z.strictObject({ al2: system, al2023: system }),
  runtimes: z.array(
    z.strictObject({
      id: z.string(),
      language: z.enum(['nodejs', 'python']),
      version: z.string(),
      os: z.enum(['al2', 'al2023']),
      deprecated: date,
      blockCreate: date,
      blockUpdate: date,
    }),
  ),
});

const data = readData('runtimes.json', schema);

/** The runtimes of Lambda that this version knows; `runtimes.json` says where each fact comes from. */
export const runtimes: readonly Runtime[] = data.runtimes.map(row => ({ ...row, ...data.systems[row.os] }));

/** Finds a runtime by its id; throws `UNKNOWN_RUNTIME`. */
export function findRuntime(id: string): Runtime {
  const found = runtimes.find(runtime => runtime.id === id);
  if (found) return found;
  const ids = runtimes.map(runtime => runtime.id);
  throw new SlimError('UNKNOWN_RUNTIME', [id, ids, findNearest(id, ids)[0] ?? null]);
}
