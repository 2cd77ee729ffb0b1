import { toJsonError } from '../lambda/service.ts';
import type { AccountState } from '../state.ts';
import { type Call, json, operation, Refusal, type Reply, type Service } from '../types.ts';
import type { AccessPointState } from './state.ts';

const ROOT = '/2015-02-01';

/** What one who mounts asks of EFS. */
export const efs: Service = {
  name: 'elasticfilesystem',
  operations: [
    operation('DescribeAccessPoints', `GET ${ROOT}/access-points`, describeAccessPoints),
    operation('DescribeFileSystems', `GET ${ROOT}/file-systems`, describeFileSystems),
    operation('DescribeMountTargets', `GET ${ROOT}/mount-targets`, describeMountTargets),
  ],
  target: ({ query }) => query.get('AccessPointId') ?? query.get('FileSystemId') ?? '',
  toReply: toJsonError,
  throttled: new Refusal(429, 'ThrottlingException', 'Rate exceeded'),
  broken: new Refusal(500, 'InternalServerError', '[stub] an error on the server side'),
  conflict: new Refusal(409, 'IncorrectFileSystemLifeCycleState', '[stub] the file system is busy'),
};

function describeAccessPoints({ query }: Call, state: AccountState): Reply {
  const id = query.get('AccessPointId') ?? '';
  const found = [...state.accessPoints.values()].find(({ arn }) => arn.endsWith(`/${id}`));
  if (!found) throw new Refusal(404, 'AccessPointNotFound', `[stub] Access Point ${id} does not exist.`);
  const { arn, fileSystemId, posixUser, state: LifeCycleState } = found;
  const point = { AccessPointId: id, AccessPointArn: arn, FileSystemId: fileSystemId, LifeCycleState };
  return json(200, { AccessPoints: [{ ...point, ...(posixUser ? { PosixUser: posixUser } : {}) }] });
}

function describeFileSystems({ query }: Call, state: AccountState): Reply {
  const { fileSystemId, throughput, storedBytes } = findFileSystem(query, state);
  const size = { Value: storedBytes };
  return json(200, {
    FileSystems: [{ FileSystemId: fileSystemId, ThroughputMode: throughput, SizeInBytes: size }],
  });
}

/** In pages of one, so that whoever asks reads on. */
function describeMountTargets({ query }: Call, state: AccountState): Reply {
  const { fileSystemId, targets } = findFileSystem(query, state);
  const index = Number(query.get('Marker') ?? 0);
  const target = targets[index];
  return json(200, {
    MountTargets: target
      ? [
          {
            MountTargetId: `fsmt-${index}`,
            FileSystemId: fileSystemId,
            SubnetId: target.subnetId,
            VpcId: target.vpcId,
            AvailabilityZoneName: target.zone,
            LifeCycleState: target.state,
          },
        ]
      : [],
    ...(index + 1 < targets.length ? { NextMarker: String(index + 1) } : {}),
  });
}

function findFileSystem(query: URLSearchParams, { accessPoints }: AccountState): AccessPointState {
  const id = query.get('FileSystemId') ?? '';
  const found = [...accessPoints.values()].find(({ fileSystemId }) => fileSystemId === id);
  if (!found) throw new Refusal(404, 'FileSystemNotFound', `[stub] File system ${id} does not exist.`);
  return found;
}
