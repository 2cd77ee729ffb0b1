import type { EFS, MountTargetDescription } from '@aws-sdk/client-efs';
import { orNothing } from '../aws-cause.ts';
import type { Call } from '../call.ts';
import { makeLazyCall } from '../lazy-call.ts';
import { toPatientConfig } from '../patience.ts';
import type { AccessPoint, EfsApi, EfsMount, MountTarget, Patience } from '../types.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** EFS, as far as one who mounts an access point has to know it. */
export function openEfsApi(env: Env, region: string, patience: Patience): EfsApi {
  const call = makeLazyCall(() => openEfs(env, region, patience), patience.signal);
  return { inspect: arn => inspect(call, arn) };
}

async function openEfs(env: Env, region: string, patience: Patience): Promise<EFS> {
  const { EFS } = await import('@aws-sdk/client-efs');
  return new EFS({ ...toPatientConfig(env, 'EFS', patience), region });
}

async function inspect(call: Call<EFS>, arn: string): Promise<EfsMount | null> {
  const accessPoint = await orNothing(readAccessPoint(call, arn));
  if (accessPoint === null) return null;
  const { fileSystemId } = accessPoint;
  const [system, targets] = await Promise.all([
    readFileSystem(call, fileSystemId),
    listTargets(call, fileSystemId),
  ]);
  return { accessPoint, targets, ...system };
}

async function readAccessPoint(call: Call<EFS>, arn: string): Promise<AccessPoint | null> {
  const id = arn.split('/').at(-1) ?? '';
  const { AccessPoints = [] } = await call(`Looking for the access point ${id}`, (efs, http) =>
    efs.describeAccessPoints({ AccessPointId: id }, http),
  );
  const [found] = AccessPoints;
  if (!found) return null;
  const { PosixUser: user } = found;
  return {
    arn: found.AccessPointArn ?? arn,
    fileSystemId: found.FileSystemId ?? '',
    isAvailable: found.LifeCycleState === 'available',
    posixUser: user ? { uid: user.Uid ?? 0, gid: user.Gid ?? 0 } : null,
  };
}

async function readFileSystem(
  call: Call<EFS>,
  id: string,
): Promise<Pick<EfsMount, 'throughput' | 'storedBytes'>> {
  const { FileSystems = [] } = await call(`Looking at the file system ${id}`, (efs, http) =>
    efs.describeFileSystems({ FileSystemId: id }, http),
  );
  const [found] = FileSystems;
  return { throughput: found?.ThroughputMode ?? 'bursting', storedBytes: found?.SizeInBytes?.Value ?? 0 };
}

async function listTargets(call: Call<EFS>, id: string): Promise<readonly MountTarget[]> {
  const all: MountTarget[] = [];
  for (let marker: string | undefined; ; ) {
    const more = marker === undefined ? {} : { Marker: marker };
    const page = await call(`Listing the mount targets of ${id}`, (efs, http) =>
      efs.describeMountTargets({ FileSystemId: id, ...more }, http),
    );
    all.push(...(page.MountTargets ?? []).map(toTarget));
    marker = page.NextMarker;
    if (!marker) return all;
  }
}

function toTarget(found: MountTargetDescription): MountTarget {
  return {
    subnetId: found.SubnetId ?? '',
    vpcId: found.VpcId ?? '',
    zone: found.AvailabilityZoneName ?? '',
    isAvailable: found.LifeCycleState === 'available',
  };
}
