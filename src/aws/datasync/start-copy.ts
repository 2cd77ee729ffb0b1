import type { DataSync, LocationListEntry, TaskListEntry } from '@aws-sdk/client-datasync';
import { parseArn } from '../arn.ts';
import type { Call } from '../call.ts';
import { readPages } from '../lambda/read-pages.ts';
import { OWN_TAG } from '../own-tag.ts';
import type { CopyWanted } from '../types.ts';

/**
 * Copies what lies below a prefix to a folder of the file system. Locations and task of an earlier try are used again: they are
 * known by where they lead and by their name. What is in the folder and not below the prefix stays.
 */
export async function startCopy(call: Call<DataSync>, wanted: CopyWanted, region: string): Promise<string> {
  const { partition, account } = parseArn(wanted.accessPoint);
  const place = { partition, region, account };
  const task = (await findTask(call, wanted.name)) ?? (await makeTask(call, wanted, place));
  const { TaskExecutionArn = '' } = await call(`Starting the copy ${wanted.name}`, (client, http) =>
    client.startTaskExecution({ TaskArn: task }, http),
  );
  return TaskExecutionArn;
}

interface Where {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

async function makeTask(call: Call<DataSync>, wanted: CopyWanted, place: Where): Promise<string> {
  const source = await findOrMakeSource(call, wanted, place);
  const target = await findOrMakeTarget(call, wanted, place);
  const { TaskArn = '' } = await call(`Making the copy ${wanted.name}`, (client, http) =>
    client.createTask(
      {
        SourceLocationArn: source,
        DestinationLocationArn: target,
        Name: wanted.name,
        Options: {
          VerifyMode: 'ONLY_FILES_TRANSFERRED',
          TransferMode: 'CHANGED',
          OverwriteMode: 'ALWAYS',
          PreserveDeletedFiles: 'PRESERVE',
          // Objects have no owners, and the access point has its own.
          Uid: 'NONE',
          Gid: 'NONE',
          PosixPermissions: 'NONE',
        },
        Tags: [{ Key: OWN_TAG, Value: wanted.name }],
      },
      http,
    ),
  );
  return TaskArn;
}

async function findOrMakeSource(
  call: Call<DataSync>,
  { bucket, prefix, bucketRole }: CopyWanted,
  { partition }: Where,
): Promise<string> {
  const found = await findLocation(call, `s3://${bucket}/${prefix}/`);
  if (found !== null) return found;
  const { LocationArn = '' } = await call(`Naming s3://${bucket}/${prefix} to DataSync`, (client, http) =>
    client.createLocationS3(
      {
        S3BucketArn: `arn:${partition}:s3:::${bucket}`,
        Subdirectory: `/${prefix}/`,
        S3Config: { BucketAccessRoleArn: bucketRole },
      },
      http,
    ),
  );
  return LocationArn;
}

/** One that leads to the same folder may go through another access point, so only the task's name is asked for. */
async function findOrMakeTarget(
  call: Call<DataSync>,
  wanted: CopyWanted,
  { partition, region, account }: Where,
): Promise<string> {
  const ec2 = `arn:${partition}:ec2:${region}:${account}`;
  const found = await findLocation(call, `efs://${region}.${wanted.fileSystemId}${wanted.folder}/`);
  if (found !== null) return found;
  const { LocationArn = '' } = await call(`Naming ${wanted.fileSystemId} to DataSync`, (client, http) =>
    client.createLocationEfs(
      {
        EfsFilesystemArn: `arn:${partition}:elasticfilesystem:${region}:${account}:file-system/${wanted.fileSystemId}`,
        Subdirectory: `${wanted.folder}/`,
        Ec2Config: {
          SubnetArn: `${ec2}:subnet/${wanted.subnetId}`,
          SecurityGroupArns: wanted.securityGroupIds.map(id => `${ec2}:security-group/${id}`),
        },
        AccessPointArn: wanted.accessPoint,
        InTransitEncryption: 'TLS1_2',
      },
      http,
    ),
  );
  return LocationArn;
}

async function findLocation(call: Call<DataSync>, uri: string): Promise<string | null> {
  const all = await readPages<LocationListEntry>(NextToken =>
    call('Listing the locations of DataSync', async (client, http) => {
      const page = await client.listLocations(NextToken === undefined ? {} : { NextToken }, http);
      return { items: page.Locations ?? [], next: page.NextToken };
    }),
  );
  return all.find(({ LocationUri }) => LocationUri === uri)?.LocationArn ?? null;
}

async function findTask(call: Call<DataSync>, name: string): Promise<string | null> {
  const all = await readPages<TaskListEntry>(NextToken =>
    call('Listing the tasks of DataSync', async (client, http) => {
      const page = await client.listTasks(NextToken === undefined ? {} : { NextToken }, http);
      return { items: page.Tasks ?? [], next: page.NextToken };
    }),
  );
  return all.find(({ Name }) => Name === name)?.TaskArn ?? null;
}
