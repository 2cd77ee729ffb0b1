import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerifyFinding } from '../findings.ts';
import { writeAtomic } from '../util/fs.ts';
import { learnVolatile, toExpected } from './expect.ts';
import { answerPathOf } from './find-events.ts';
import { named } from './judge-event.ts';
import { formatRecorded } from './recorded-answer.ts';
import { runEvent, type VerifyContext, withSide } from './side.ts';
import type { VerifyRequest } from './verify.ts';

export interface Recorded {
  /** Files written, in the order of the events. */
  readonly written: readonly string[];
  readonly findings: readonly VerifyFinding[];
}

/**
 * Runs a function on events and writes its answers beside them, `<event>.answer.json`, with the places at which it differs from
 * itself. Throws `OUTPUT_UNWRITABLE`, `CANCELLED`, and what says that it cannot be run.
 */
export async function recordAnswers(
  { slim: settings, events, options, isolation }: Omit<VerifyRequest, 'original' | 'suspects'>,
  outer: VerifyContext,
): Promise<Recorded> {
  const { signal, progress } = outer;
  const workDir = await mkdtemp(join(outer.workDir, 'record-'));
  progress.start('record', events.length);
  try {
    return await withSide(settings, isolation, { ...outer, workDir }, async side => {
      const written: string[] = [];
      const findings: VerifyFinding[] = [];
      for (const event of events) {
        const first = toExpected(await runEvent(side, event, signal));
        const expected = await learnVolatile(side, event, first, options, { isSettled: () => false, signal });
        if (first.cold.kind === 'error')
          findings.push({
            code: 'VERIFY_ORIGINAL_FAILS',
            level: 'warning',
            event: event.name,
            ...named(first.cold.error),
          });
        const path = answerPathOf(event.path);
        await writeAtomic(path, file => file.writeFile(formatRecorded(expected)));
        written.push(path);
        progress.tick(1);
      }
      progress.done();
      return { written, findings };
    });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
