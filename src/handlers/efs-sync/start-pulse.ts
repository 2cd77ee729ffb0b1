import type { SyncProgress } from '../../bundle/sync/types.ts';
import type { SyncRequest } from './request.ts';
import { type RunRecord, writeRecord } from './run-record.ts';

const BEAT_MS = 1000;

/** Writes down every second how far a run is, so that whoever follows sees that it lives. */
export interface Pulse {
  readonly tell: (progress: SyncProgress) => void;
  /** Ends the writing; nothing is written after it. */
  stop(): Promise<void>;
  /** The record as it is now, with what has changed. */
  record(change: Partial<RunRecord>): RunRecord;
}

/** Begins with the first progress: before it, another may hold the lock, and be the same run. */
export function startPulse({ folder, run, round }: SyncRequest, by: string): Pulse {
  let now: RunRecord = {
    ...{ run, round, by, state: 'running', phase: null, doneBytes: 0, totalBytes: 0, beat: 0 },
    ...{ result: null, error: null },
  };
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;
  const beat = (): void => {
    if (writing) return;
    now = { ...now, beat: now.beat + 1 };
    // A beat that fails is followed by another; the sync itself says what is wrong with the mount.
    writing = writeRecord(folder, now)
      .catch(() => {})
      .finally(() => {
        writing = null;
      });
  };
  return {
    tell({ phase, doneBytes, totalBytes }) {
      now = { ...now, phase, doneBytes, totalBytes };
      if (timer !== null) return;
      timer = setInterval(beat, BEAT_MS);
      beat();
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      await writing;
    },
    record(change) {
      now = { ...now, beat: now.beat + 1, ...change };
      return now;
    },
  };
}
