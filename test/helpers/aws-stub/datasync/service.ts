import { readMembers } from '../lambda/members.ts';
import { toJsonError } from '../lambda/service.ts';
import type { AccountState } from '../state.ts';
import { type Answer, type Call, json, type Operation, Refusal, type Reply, type Service } from '../types.ts';

function target(name: string, answer: Answer): Operation {
  const isWrite = !/^(Describe|List)/.test(name);
  return { name, method: 'POST', path: '/', when: `Action=${name}`, isWrite, answer };
}

/** Copies of DataSync; what is copied the tests' own `copy` does. */
export const datasync: Service = {
  name: 'datasync',
  operations: [
    target('CreateLocationS3', createLocationS3),
    target('CreateLocationEfs', createLocationEfs),
    target('ListLocations', listLocations),
    target('CreateTask', createTask),
    target('ListTasks', listTasks),
    target('StartTaskExecution', startTaskExecution),
    target('DescribeTaskExecution', describeTaskExecution),
  ],
  target: () => '',
  toReply: toJsonError,
  throttled: new Refusal(400, 'ThrottlingException', 'Rate exceeded'),
  broken: new Refusal(500, 'InternalException', '[stub] an error on the server side'),
  conflict: invalid('[stub] the task is busy'),
};

function invalid(message: string): Refusal {
  return new Refusal(400, 'InvalidRequestException', message);
}

function newArn({ region, accountId }: AccountState, kind: string, count: number): string {
  return `arn:aws:datasync:${region}:${accountId}:${kind}-${String(count).padStart(17, '0')}`;
}

function createLocationS3(call: Call, state: AccountState): Reply {
  const request = readMembers(call.body, ['Subdirectory', 'S3BucketArn', 'S3Config']);
  const bucket = String(request.S3BucketArn).split(':').at(-1) ?? '';
  if (!state.buckets.has(bucket)) throw invalid(`[stub] there is no bucket ${bucket}`);
  const { BucketAccessRoleArn: role } = request.S3Config as { BucketAccessRoleArn?: string };
  if (!role?.startsWith('arn:')) throw invalid('[stub] DataSync needs a role for the bucket');
  return addLocation(state, `s3://${bucket}${request.Subdirectory}`, request);
}

/** With an access point, or a role, what is in transit has to be encrypted. */
function createLocationEfs(call: Call, state: AccountState): Reply {
  const request = readMembers(call.body, [
    ...['Subdirectory', 'EfsFilesystemArn', 'Ec2Config', 'AccessPointArn', 'FileSystemAccessRoleArn'],
    'InTransitEncryption',
  ]);
  const { AccessPointArn: point, FileSystemAccessRoleArn: role, InTransitEncryption: cipher } = request;
  if ((point || role) && cipher !== 'TLS1_2')
    throw invalid('[stub] InTransitEncryption has to be TLS1_2 with an access point or a role');
  if (!state.accessPoints.has(String(point))) throw invalid(`[stub] there is no access point ${point}`);
  const { SubnetArn, SecurityGroupArns } = request.Ec2Config as Readonly<Record<string, unknown>>;
  if (!/:subnet\/subnet-\w+$/.test(String(SubnetArn)) || !Array.isArray(SecurityGroupArns))
    throw invalid('[stub] Ec2Config needs ARNs of a subnet and of security groups');
  const id = String(request.EfsFilesystemArn).split('/').at(-1);
  return addLocation(state, `efs://${state.region}.${id}${request.Subdirectory}`, request);
}

function addLocation(state: AccountState, uri: string, request: Readonly<Record<string, unknown>>): Reply {
  const { locations } = state.dataSync;
  const arn = newArn(state, 'location/loc', locations.size + 1);
  locations.set(arn, { uri, request });
  return json(200, { LocationArn: arn });
}

function listLocations({ body }: Call, { dataSync }: AccountState): Reply {
  readMembers(body, ['NextToken', 'MaxResults', 'Filters']);
  const all = [...dataSync.locations].map(([LocationArn, { uri }]) => ({ LocationArn, LocationUri: uri }));
  return json(200, { Locations: all });
}

function createTask(call: Call, state: AccountState): Reply {
  const request = readMembers(call.body, [
    ...['SourceLocationArn', 'DestinationLocationArn', 'Name', 'Options', 'Tags', 'TaskMode'],
  ]);
  const { locations, tasks } = state.dataSync;
  const source = locations.get(String(request.SourceLocationArn));
  const destination = locations.get(String(request.DestinationLocationArn));
  if (!source || !destination) throw invalid('[stub] there is no such location');
  if (!/^[a-zA-Z0-9\s+=._:@/-]{1,256}$/.test(String(request.Name))) throw invalid('[stub] that is no name');
  const arn = newArn(state, 'task/task', tasks.size + 1);
  const options = (request.Options ?? {}) as Readonly<Record<string, unknown>>;
  tasks.set(arn, { name: String(request.Name), source, target: destination, options });
  return json(200, { TaskArn: arn });
}

function listTasks({ body }: Call, { dataSync }: AccountState): Reply {
  readMembers(body, ['NextToken', 'MaxResults', 'Filters']);
  return json(200, { Tasks: [...dataSync.tasks].map(([TaskArn, { name }]) => ({ TaskArn, Name: name })) });
}

function startTaskExecution(call: Call, state: AccountState): Reply {
  const { TaskArn } = readMembers(call.body, ['TaskArn']);
  const task = state.dataSync.tasks.get(String(TaskArn));
  if (!task) throw invalid('[stub] there is no such task');
  const { executions } = state.dataSync;
  const arn = `${TaskArn}/execution/exec-${String(executions.size + 1).padStart(17, '0')}`;
  executions.set(arn, { task, looks: 2 });
  return json(200, { TaskExecutionArn: arn });
}

function describeTaskExecution(call: Call, state: AccountState): Reply {
  const { TaskExecutionArn } = readMembers(call.body, ['TaskExecutionArn']);
  const execution = state.dataSync.executions.get(String(TaskExecutionArn));
  if (!execution) throw invalid('[stub] there is no such execution');
  const amounts = { BytesWritten: 10, EstimatedBytesToTransfer: 20 };
  if (execution.looks-- > 0) return json(200, { TaskExecutionArn, Status: 'TRANSFERRING', ...amounts });
  const reason = state.behaviour.copy(execution.task);
  if (reason === null) return json(200, { TaskExecutionArn, Status: 'SUCCESS', BytesWritten: 20 });
  const Result = { ErrorCode: 'AccessDenied', ErrorDetail: reason };
  return json(200, { TaskExecutionArn, Status: 'ERROR', Result });
}
