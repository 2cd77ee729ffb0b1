import type { EfsMount } from '../../aws/types.ts';
import type { EfsSettings, PublishSettings } from '../../publish-types.ts';
import type { AccountState, EfsState } from '../types.ts';

const MIB = 1024 * 1024;
/** Bursting: 50 KiB/s for each GiB stored, 1 MiB/s at least. https://docs.aws.amazon.com/efs/latest/ug/performance.html */
const BASE = { perByte: (50 * 1024) / 1024 ** 3, leastBytes: MIB };
/** Longer than this at the base rate is worth a word. */
const SLOW_SECONDS = 10;
/** Below it, Lambda reads through the mount only. */
const DIRECT_READ_MIB = 512;

/** What a person should know of the file system before a function depends on it, one sentence each. */
export function noteEfs({ efs: state, fn }: AccountState, settings: PublishSettings): readonly string[] {
  const { efs, memoryMiB } = settings;
  if (state === null || efs === null) return [];
  const memory = memoryMiB ?? fn?.configuration.memoryMiB ?? null;
  return [
    ...(state.mount ? noteMount(state.mount, state, efs, fn?.configuration.vpcId ?? null) : noteUnseen(efs)),
    ...(efs.via === 's3files' && memory !== null && memory < DIRECT_READ_MIB
      ? [`With less than ${DIRECT_READ_MIB} MiB of memory Lambda reads S3 Files through the mount only.`]
      : []),
    ...(efs.via === 'sync' && !state.isThere
      ? [
          'In the VPC the function that syncs needs a way to S3: a gateway endpoint, which costs nothing, or a NAT.',
        ]
      : []),
  ];
}

function noteUnseen({ via }: EfsSettings): readonly string[] {
  return via === 's3files'
    ? []
    : [
        'The file system was not looked at: elasticfilesystem:DescribeAccessPoints, DescribeFileSystems and DescribeMountTargets are not allowed.',
      ];
}

function noteMount(
  { accessPoint, targets, throughput, storedBytes }: EfsMount,
  { vpc }: EfsState,
  { bundle, via }: EfsSettings,
  vpcId: string | null,
): readonly string[] {
  const notes: string[] = [];
  if (accessPoint.posixUser === null)
    notes.push(
      'The access point has no POSIX user, so that whoever writes does so as root or not at all; give it one (`aws efs create-access-point --posix-user`).',
    );
  const isElsewhere = vpcId !== null && targets.every(target => target.vpcId !== vpcId);
  if (isElsewhere)
    notes.push(`The function is in ${vpcId}, and no mount target is: it could not reach the file system.`);
  const bare = vpc.subnetIds.filter(id => !targets.some(({ subnetId }) => subnetId === id));
  const zones = [...new Set(targets.map(({ zone }) => zone))].sort().join(', ');
  if (!isElsewhere && bare.length > 0)
    notes.push(
      `${bare.join(', ')} has no mount target of its own; it works where its availability zone is one of ${zones}.`,
    );
  const base = Math.max(BASE.leastBytes, (storedBytes + (via === 'sync' ? bundle.bytes : 0)) * BASE.perByte);
  const seconds = Math.ceil(bundle.bytes / base);
  if (throughput === 'bursting' && seconds > SLOW_SECONDS)
    notes.push(
      `The file system is bursting: once its credits are used up, reading all ${inMiB(bundle.bytes)} takes ${seconds} s at its base rate of ${inMiB(base)}/s; elastic throughput has no such bound.`,
    );
  return notes;
}

function inMiB(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
