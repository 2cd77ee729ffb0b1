import type { Finding } from '../findings.ts';
import type { RuntimeDates } from '../platform/other-runtimes.ts';

/** Warns of a runtime that AWS has deprecated by `today`, with the dates that follow. */
export function checkRuntime(runtime: RuntimeDates, today: Date): readonly Finding[] {
  const { id, deprecated, blockCreate, blockUpdate } = runtime;
  if (deprecated === null || today.toISOString().slice(0, 10) < deprecated) return [];
  return [
    { code: 'RUNTIME_DEPRECATED', level: 'warning', runtime: id, deprecated, blockCreate, blockUpdate },
  ];
}
