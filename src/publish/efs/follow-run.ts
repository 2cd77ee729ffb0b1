import { rest } from '../../aws/ask-again.ts';
import { SlimError } from '../../errors.ts';
import type { EfsSettings } from '../../publish-types.ts';
import type { Progress } from '../../types.ts';
import type { World } from '../world.ts';
import { askWorker, lookIntoStore } from './look-into-store.ts';
import { parseRun, type RunState, type SyncedFacts } from './parse-run.ts';

/** What the function that syncs is told; it goes with it from round to round. */
export interface SyncTask {
  readonly folder: string;
  readonly run: string;
}

const LOOKS_PER_POLL = 10;
/** In waits for a silent connection: starting in a VPC takes long, and so does a round that is tried again. */
const SILENT = 4;
/** Of 15 minutes each, and more than the function itself starts. */
const MOST_ROUNDS = 30;

/**
 * Starts a run and asks every second how far it is, of what the function writes on the file system. A round that could not start the
 * next one itself has that done here. Throws `EFS_S3_UNREACHABLE`, `EFS_STORE_CLOSED`, `EFS_SYNC_FAILED`, `EFS_SYNC_SILENT`, `CANCELLED`.
 */
export async function followRun(
  task: SyncTask,
  efs: EfsSettings,
  { account, progress }: Pick<World, 'account' | 'progress'>,
): Promise<SyncedFacts & { readonly ms: number }> {
  const { lambda, patience } = account;
  // What has no mount, or may not write there, could not leave a word of it.
  const { isWritable } = await lookIntoStore(lambda, efs);
  if (!isWritable) throw new SlimError('EFS_STORE_CLOSED', [efs.syncFunction, efs.store]);
  const started = performance.now();
  const bar = openBar(progress);
  let [before, heardAt, rounds] = ['', performance.now(), 1];
  await lambda.start(efs.syncFunction, JSON.stringify(task));
  for (;;) {
    await rest(LOOKS_PER_POLL * patience.pollMs, patience.signal);
    const { folder, run } = task;
    const now = parseRun(await askWorker(lambda, efs, { action: 'status', folder, run }));
    const told = JSON.stringify(now);
    if (told !== before) [before, heardAt] = [told, performance.now()];
    else if (performance.now() - heardAt > SILENT * patience.silenceMs)
      throw new SlimError('EFS_SYNC_SILENT', [efs.syncFunction, now?.phase ?? null]);
    if (now === null) continue;
    bar.show(now);
    if (now.state === 'done' && now.result) {
      bar.close();
      return { ...now.result, ms: performance.now() - started };
    }
    if (now.state === 'failed') throw explainRun(now, efs);
    if (now.state !== 'paused' || now.round < rounds) continue;
    if (++rounds > MOST_ROUNDS) throw explainRun(now, efs);
    const next = { ...task, round: now.round + 1, reached: now.doneBytes };
    await lambda.start(efs.syncFunction, JSON.stringify(next));
  }
}

function explainRun({ error, doneBytes, totalBytes }: RunState, efs: EfsSettings): SlimError {
  const { syncFunction } = efs;
  if (error?.code === 'S3_UNREACHABLE')
    return new SlimError('EFS_S3_UNREACHABLE', [syncFunction, error.message]);
  if (error?.code === 'S3_DENIED') return new SlimError('EFS_S3_DENIED', [syncFunction, error.message]);
  const reason = error?.message ?? `only ${doneBytes} of ${totalBytes} bytes came`;
  return new SlimError('EFS_SYNC_FAILED', [syncFunction, reason, error?.hint ?? '']);
}

const TITLES: Readonly<Record<string, string>> = {
  link: 'Sharing',
  fetch: 'Fetching',
  verify: 'Verifying',
  finish: 'Finishing',
};

/** A stage a phase; bytes become steps of it. */
function openBar(progress: Progress): { show(now: RunState): void; close(): void } {
  let phase: string | null = null;
  let told = 0;
  progress.start('Starting the sync');
  return {
    show(now) {
      if (now.phase !== phase && now.phase !== null) {
        progress.done();
        progress.start(`${TITLES[now.phase] ?? now.phase} on EFS`, now.totalBytes);
        [phase, told] = [now.phase, 0];
      }
      progress.tick(now.doneBytes - told);
      told = now.doneBytes;
    },
    close: () => progress.done(),
  };
}
