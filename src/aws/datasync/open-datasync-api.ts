import type { DataSync } from '@aws-sdk/client-datasync';
import type { Call } from '../call.ts';
import { makeLazyCall } from '../lazy-call.ts';
import { toPatientConfig } from '../patience.ts';
import type { CopyState, DataSyncApi, Patience } from '../types.ts';
import { startCopy } from './start-copy.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** DataSync; `region` is that of the bucket and of the file system. */
export function openDataSyncApi(env: Env, region: string, patience: Patience): DataSyncApi {
  const call = makeLazyCall(() => openDataSync(env, region, patience), patience.signal);
  return {
    start: wanted => startCopy(call, wanted, region),
    read: execution => readExecution(call, execution),
  };
}

async function openDataSync(env: Env, region: string, patience: Patience): Promise<DataSync> {
  const { DataSync } = await import('@aws-sdk/client-datasync');
  return new DataSync({ ...toPatientConfig(env, 'DATASYNC', patience), region });
}

async function readExecution(call: Call<DataSync>, execution: string): Promise<CopyState> {
  const found = await call('Looking at the copy of DataSync', (client, http) =>
    client.describeTaskExecution({ TaskExecutionArn: execution }, http),
  );
  const status = found.Status ?? 'QUEUED';
  const { ErrorCode: code, ErrorDetail: detail } = found.Result ?? {};
  return {
    state: status === 'SUCCESS' ? 'done' : status === 'ERROR' ? 'failed' : 'running',
    status,
    doneBytes: found.BytesWritten ?? 0,
    totalBytes: Math.max(0, found.EstimatedBytesToTransfer ?? 0),
    reason: [code, detail].filter(Boolean).join(': ') || null,
  };
}
