import type { VerifyFinding } from '../findings.ts';
import type { NamedEvent } from '../types.ts';
import { learnVolatile, toExpected } from './expect.ts';
import { answerPathOf } from './find-events.ts';
import { isSettled, type Judged, judgeEvent } from './judge-event.ts';
import { matchNatives } from './match-natives.ts';
import { probeEvent } from './probe.ts';
import { type Expected, parseRecorded } from './recorded-answer.ts';
import { runEvent, type Side, type VerifyContext } from './side.ts';
import type { Observed, VerifyRequest } from './verify.ts';

export interface Sides {
  readonly original: Side | null;
  readonly slim: Side;
}

/** Runs every event on both functions, each time in a fresh sandbox. */
export async function runEvents(
  request: Pick<VerifyRequest, 'events' | 'options'>,
  sides: Sides,
  context: VerifyContext,
): Promise<Observed> {
  const judged: Judged[] = [];
  const unknown: string[] = [];
  for (const [index, event] of request.events.entries()) {
    judged.push(await runOne(event, index, request, sides, context));
    if (!sides.original && event.answer === null) unknown.push(event.name);
    context.progress.tick(1);
  }
  const failed = judged.filter(({ differs }) => differs !== null);
  const findings = [...judged.flatMap(each => each.findings), ...tellUnknown(unknown)];
  const natives = sides.original ? await matchNatives(sides.original, sides.slim) : { both: 0, missing: [] };
  // A function that failed has loaded less for that reason.
  const missing = failed.length === 0 ? natives.missing : [];
  return {
    findings:
      missing.length > 0
        ? [...findings, { code: 'VERIFY_NATIVE_MISSING', level: 'warning', paths: missing }]
        : findings,
    natives: natives.both,
    failed: failed.map(each => probeEvent(each, request.options, context.signal)),
  };
}

async function runOne(
  event: NamedEvent,
  index: number,
  { options }: Pick<VerifyRequest, 'options'>,
  { original, slim }: Sides,
  { signal }: VerifyContext,
): Promise<Judged> {
  if (!original) {
    const actual = toExpected(await runEvent(slim, event, signal));
    return judgeEvent(event, readExpected(event, actual), actual, options);
  }
  const { first, actual } = await runBoth(event, index, { original, slim }, signal);
  const expected = await learnVolatile(original, event, first, options, {
    isSettled: volatile => isSettled(first, actual, volatile, options),
    signal,
  });
  return judgeEvent(event, expected, actual, options);
}

/** One after the other, and in turns which one begins, since they would slow each other down and the second finds the disk warm. */
async function runBoth(
  event: NamedEvent,
  index: number,
  { original, slim }: { readonly original: Side; readonly slim: Side },
  signal: AbortSignal,
): Promise<{ readonly first: Expected; readonly actual: Expected }> {
  const run = async (side: Side): Promise<Expected> => toExpected(await runEvent(side, event, signal));
  if (index % 2 === 0) {
    const first = await run(original);
    return { first, actual: await run(slim) };
  }
  const actual = await run(slim);
  return { first: await run(original), actual };
}

/** What was recorded; where nothing was, all that can be asked for is an answer. */
function readExpected(event: NamedEvent, actual: Expected): Expected {
  if (event.answer !== null) return parseRecorded(event.answer, answerPathOf(event.path));
  const nothing = { kind: 'answer', body: Buffer.alloc(0), contentType: '' } as const;
  const expectAnswer = ({ cold, warm }: Expected): Expected => ({
    cold: cold.kind === 'error' ? nothing : cold,
    warm: warm?.kind === 'error' ? nothing : warm,
    volatile: actual.volatile,
  });
  return expectAnswer(actual);
}

function tellUnknown(names: readonly string[]): readonly VerifyFinding[] {
  if (names.length === 0) return [];
  const reason = `no answer is recorded for ${names.join(', ')}, so it was only seen whether they are answered at all`;
  return [{ code: 'VERIFY_NOT_RUN', level: 'warning', reason }];
}
