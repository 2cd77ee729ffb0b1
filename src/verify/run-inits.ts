import type { VerifyFinding } from '../findings.ts';
import { named } from './judge-event.ts';
import { type MatchedNatives, matchNatives } from './match-natives.ts';
import { probeInit } from './probe.ts';
import type { Sides } from './run-events.ts';
import { runInit, type VerifyContext } from './side.ts';
import type { Observed } from './verify.ts';

/** Without events: whether both start, their handlers are found, and the slim one loads every native file of the original. */
export async function runInits(
  _request: unknown,
  { original, slim }: Sides,
  context: VerifyContext,
): Promise<Observed> {
  const expected = original && (await runInit(original));
  const actual = await runInit(slim);
  context.progress.tick(1);
  const isSame = expected?.errorType === actual?.errorType && expected?.errorMessage === actual?.errorMessage;
  const natives: MatchedNatives =
    original && isSame ? await matchNatives(original, slim) : { both: 0, missing: [] };
  const findings: VerifyFinding[] = [{ code: 'VERIFY_NO_EVENTS', level: 'warning', natives: natives.both }];
  if (expected)
    findings.push({ code: 'VERIFY_ORIGINAL_FAILS', level: 'warning', event: null, ...named(expected) });
  if (actual && !isSame)
    findings.push({ code: 'VERIFY_FAILED', level: 'error', event: null, ...named(actual) });
  if (natives.missing.length > 0)
    findings.push({ code: 'VERIFY_NATIVE_MISSING', level: 'error', paths: natives.missing });
  const mayBlame = original !== null && expected === null && findings.some(({ level }) => level === 'error');
  return {
    findings,
    natives: natives.both,
    failed: mayBlame ? [probeInit(original, actual?.errorMessage ?? null)] : [],
  };
}
