import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { listReleases, readCurrent, toStore } from '../../bundle/sync/store.ts';
import { readRequest } from './request.ts';
import { type RunRecord, readRecord } from './run-record.ts';
import { type Invocation, runSync, type SyncTools } from './run-sync.ts';

/** What lies in a store: whole releases, and the one that `current` leads to. */
export interface Look {
  readonly releases: readonly string[];
  readonly current: string | null;
  /** Whether this function may write there; one that may not cannot even leave a word. */
  readonly isWritable: boolean;
}

export type Handler = (event: unknown, invocation: Invocation) => Promise<RunRecord | Look | null>;

/** Brings a release to a folder of the mount (`sync`), tells what lies there (`look`), or how far a run is (`status`). */
export function createHandler(tools: SyncTools): Handler {
  return async (event, invocation) => {
    const request = readRequest(event);
    if (request.action === 'status') return readRecord(request.folder, request.run);
    if (request.action === 'sync') return runSync(request, invocation, tools);
    const store = toStore(request.folder);
    const [releases, current, isWritable] = await Promise.all([
      listReleases(store),
      readCurrent(store),
      mayWrite(store.dir),
    ]);
    return { releases, current, isWritable };
  };
}

/** Of a folder that is not there yet, the one that it would be made in counts. */
async function mayWrite(dir: string): Promise<boolean> {
  try {
    await access(dir, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing && dirname(dir) !== dir && (await mayWrite(dirname(dir)));
  }
}
