import { nativeInflate } from '../../bundle/inflate-native.ts';
import { type ObjectReader, openObjectsSource } from '../../bundle/objects-source.ts';
import { syncBundle } from '../../bundle/sync/sync-bundle.ts';
import type { SyncProgress, SyncResult } from '../../bundle/sync/types.ts';
import { explainError } from './explain-error.ts';
import type { SyncRequest } from './request.ts';
import { type RunRecord, readRecord, sweepRecords, writeRecord } from './run-record.ts';
import { startPulse } from './start-pulse.ts';

/** What Lambda says of the invocation, as far as it matters here. */
export interface Invocation {
  readonly functionName: string;
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export interface SyncTools {
  readonly openObjects: (bucket: string, prefix: string) => ObjectReader;
  /** Starts this function again and does not wait for it. */
  readonly startNext: (functionName: string, request: SyncRequest) => Promise<void>;
  readonly log: (text: string) => void;
}

/** Lambda ends chains of functions that call each other after some sixteen; 15 minutes each. */
const MOST_ROUNDS = 12;
/** So long before the timeout no chunk is begun any more: what is begun has to be written, and the next round started. */
const MARGIN = { share: 0.15, leastMs: 4000, mostMs: 90_000 };
/** A killed round holds the lock for a minute. */
const WAIT_MS = 75_000;

/** One round of a run. What goes wrong is in the record, and not thrown: Lambda would only try the same again. */
export async function runSync(
  request: SyncRequest,
  invocation: Invocation,
  tools: SyncTools,
): Promise<RunRecord> {
  const objects = tools.openObjects(request.bucket, request.prefix);
  const pulse = startPulse(request, invocation.awsRequestId);
  let last: RunRecord;
  try {
    const result = await bring(request, invocation, objects, pulse.tell);
    await pulse.stop();
    last =
      result.state === 'done' ? pulse.record({ state: 'done', result }) : pulse.record(goOn(result, request));
  } catch (error) {
    await pulse.stop();
    last = pulse.record({ state: 'failed', error: explainError(error, objects.where) });
    if (await isOfAnother(last)) return last;
  }
  await writeRecord(request.folder, last);
  if (last.state === 'continuing') last = await startNext(last, request, invocation, tools);
  else await sweepRecords(request.folder).catch(() => {});
  tools.log(JSON.stringify(last));
  return last;

  /** One that was started twice does not speak for the one that is at work. */
  async function isOfAnother({ error }: RunRecord): Promise<boolean> {
    if (error?.code !== 'SYNC_BUSY') return false;
    const there = await readRecord(request.folder, request.run);
    return there !== null && there.by !== invocation.awsRequestId && there.state !== 'failed';
  }
}

function bring(
  { folder, release, keep, protect }: SyncRequest,
  invocation: Invocation,
  objects: ObjectReader,
  onProgress: (progress: SyncProgress) => void,
): Promise<SyncResult> {
  if (nativeInflate === null) throw new Error('This Node.js has no zstd; nodejs22.x and later have.');
  const left = invocation.getRemainingTimeInMillis();
  const margin = Math.min(MARGIN.mostMs, Math.max(MARGIN.leastMs, MARGIN.share * left));
  return syncBundle(openObjectsSource(objects), folder, {
    ...{ inflate: nativeInflate, release, keep, protect, onProgress },
    deadlineMs: Math.max(0, left - margin),
    waitMs: Math.max(0, Math.min(WAIT_MS, left - 2 * margin)),
    owner: `${invocation.functionName} (${invocation.awsRequestId})`,
  });
}

/** A run that gets no further is ended, and so is one that takes for ever. */
function goOn(
  { doneBytes, totalBytes }: Extract<SyncResult, { readonly state: 'continue' }>,
  { round, reached }: SyncRequest,
): Partial<RunRecord> {
  const amounts = { doneBytes, totalBytes };
  const reason =
    doneBytes <= reached
      ? `round ${round} got no further than ${doneBytes} of ${totalBytes} bytes`
      : round >= MOST_ROUNDS
        ? `after ${round} rounds only ${doneBytes} of ${totalBytes} bytes are there`
        : null;
  if (reason === null) return { ...amounts, state: 'continuing' };
  const hint =
    'Give the function a longer timeout and more memory, and publish again: it goes on from there.';
  return { ...amounts, state: 'failed', error: { code: 'NO_PROGRESS', message: `${reason}.`, hint } };
}

/** Where there is no way to Lambda's API, as in a VPC that only reaches S3, whoever follows starts the next round. */
async function startNext(
  record: RunRecord,
  request: SyncRequest,
  { functionName }: Invocation,
  { startNext: start, log }: SyncTools,
): Promise<RunRecord> {
  try {
    await start(functionName, { ...request, round: request.round + 1, reached: record.doneBytes });
    return record;
  } catch (error) {
    log(
      `The next round was not started from here: ${error instanceof Error ? error.message : String(error)}`,
    );
    const paused = { ...record, state: 'paused' } as const;
    await writeRecord(request.folder, paused);
    return paused;
  }
}
