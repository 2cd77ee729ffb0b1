import type { PublishSettings, PublishStep } from '../../publish-types.ts';
import type { EfsState } from '../types.ts';

/** The steps that bring the release to the file system, before the function is told of it; none where it is there. */
export function planEfs(state: EfsState | null, { efs }: PublishSettings): readonly PublishStep[] {
  if (state === null || efs === null) return [];
  const { worker, missing, isThere, protect } = state;
  return [
    ...(missing.length > 0 ? [{ kind: 'send-bundle', objects: missing } as const] : []),
    ...(worker && worker.plan.steps.length > 0
      ? [{ kind: 'sync-function', plan: worker.plan } as const]
      : []),
    ...(efs.via === 'sync' && !isThere ? [{ kind: 'sync', protect } as const] : []),
    ...(efs.via === 'datasync' && !isThere ? [planCopy(state)] : []),
  ];
}

/** Through a mount target that is there, with the function's own security groups. */
function planCopy({ mount, vpc }: EfsState): PublishStep {
  const targets = mount?.targets.filter(({ isAvailable }) => isAvailable) ?? [];
  const own = targets.find(({ subnetId }) => vpc.subnetIds.includes(subnetId));
  return {
    kind: 'copy',
    subnetId: (own ?? targets[0])?.subnetId ?? vpc.subnetIds[0] ?? '',
    securityGroupIds: vpc.securityGroupIds,
    fileSystemId: mount?.accessPoint.fileSystemId ?? '',
  };
}

/** Whoever gives a sample wants it answered, whether anything has changed or not. */
export function planSample({ efs }: PublishSettings): readonly PublishStep[] {
  return efs?.sample == null ? [] : [{ kind: 'sample', event: efs.sample }];
}
