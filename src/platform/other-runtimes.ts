import { z } from 'zod';
import type { Runtime } from '../types.ts';
import { readData } from './read-data.ts';

/** A runtime, and when it is no longer supported; dates are `YYYY-MM-DD`. */
export type RuntimeDates = Pick<Runtime, 'id' | 'deprecated' | 'blockCreate' | 'blockUpdate'>;

const date = z.iso.date().nullable();
const schema = z.strictObject({
  sources: z.record(z.string(), z.string()),
  runtimes: z.array(
    z.strictObject({ id: z.string(), deprecated: date, blockCreate: date, blockUpdate: date }),
  ),
});

/** The dates of runtimes that nothing is built for, of other languages and of the past; null for one that is not known. */
export function findOtherRuntime(id: string): RuntimeDates | null {
  return readData('other-runtimes.json', schema).runtimes.find(each => each.id === id) ?? null;
}
