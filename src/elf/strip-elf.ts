import { memorySource } from './byte-sources.ts';
import { planStrip } from './plan-strip.ts';
import { verifyStripped } from './verify-stripped.ts';
import { writeStripped } from './write-stripped.ts';

/** The stripped and verified bytes of a library that lies in memory; the same bytes where it had better stay as it is. */
export function stripElf(bytes: Uint8Array): Uint8Array {
  const source = memorySource(bytes);
  const planning = planStrip(source);
  if (planning.outcome !== 'stripped') return bytes;
  const stripped = new Uint8Array(planning.plan.bytes);
  writeStripped(planning.plan, source, (part, at) => stripped.set(part, at));
  return verifyStripped(source, memorySource(stripped)).length > 0 ? bytes : stripped;
}
