import type { VpcSettings } from '../../aws/types.ts';
import type { EfsSettings, PublishSettings } from '../../publish-types.ts';

/** Says of a function that it is ours, so that no other one of that name is overwritten. */
export const WORKER_TAG = 'lambda-slim:efs-sync';

/** Of the zip that lambda-slim builds of `src/handlers/efs-sync`. Its network grows with its memory. */
const WORKER = {
  runtime: 'nodejs24.x',
  arch: 'x64',
  handler: 'index.handler',
  memoryMiB: 1769,
  timeoutSeconds: 900,
  tmpMiB: 512,
} as const;

/** The function that syncs: with the role, the VPC and the access point of the one that it works for. */
export function workerSettings(
  settings: PublishSettings,
  efs: EfsSettings,
  { vpc, role }: { readonly vpc: VpcSettings; readonly role: string },
): PublishSettings {
  return {
    ...WORKER,
    ...{ vpc, role, functionName: efs.syncFunction, target: 'efs' },
    description: `Brings releases to ${efs.mount}; made by lambda-slim`,
    // One call to a file server takes a millisecond, so many have to be under way.
    environment: { UV_THREADPOOL_SIZE: '32' },
    tags: { ...settings.tags, [WORKER_TAG]: efs.accessPoint },
    createRole: false,
    layers: { files: [], environment: {}, attach: [] },
    bucket: null,
    storage: 'copy',
    release: { version: false, alias: null, weight: null, provisionedConcurrency: null },
    front: { url: null, httpApi: null },
    keep: null,
    efs: { ...efs, sample: null },
  };
}
