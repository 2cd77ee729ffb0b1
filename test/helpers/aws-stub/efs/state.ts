/** An access point of EFS, in the words of the API, and the file system behind it. */
export interface AccessPointState {
  readonly arn: string;
  readonly fileSystemId: string;
  state: string;
  readonly posixUser: { readonly Uid: number; readonly Gid: number } | null;
  throughput: string;
  storedBytes: number;
  readonly targets: readonly MountTargetState[];
}

export interface MountTargetState {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  state: string;
}

/** What is not given is as most people have it. */
export type SeedAccessPoint = Partial<Omit<AccessPointState, 'arn'>>;

export function newAccessPoint(arn: string, seed: SeedAccessPoint): AccessPointState {
  return {
    arn,
    fileSystemId: 'fs-0123456789abcdef0',
    state: 'available',
    posixUser: { Uid: 1000, Gid: 1000 },
    throughput: 'elastic',
    storedBytes: 6144,
    targets: [{ subnetId: 'subnet-1', vpcId: 'vpc-1', zone: 'eu-west-1a', state: 'available' }],
    ...seed,
  };
}
