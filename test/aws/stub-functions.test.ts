import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Clients, layerArn, ROLE, refuses, withClients } from '../helpers/aws-stub/clients.ts';
import { type ZipContent, zipOf } from '../helpers/aws-stub/zip-of.ts';

const FN = { FunctionName: 'f' };
const SEED = { functions: { f: {} } };
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
const CODE = { ZipFile: zipOf({ 'index.mjs': 'export {}' }) };
const NEW = {
  FunctionName: 'new',
  Runtime: 'nodejs22.x',
  Handler: 'index.handler',
  Role: ROLE,
  Code: CODE,
} as const;
const INVALID = 'InvalidParameterValueException';

const claims = (bytes: number): Record<string, ZipContent> => ({ 'big.bin': { claims: bytes } });

test('a new function is pending until it was looked at, and is as it was wanted', async () => {
  await withClients({ pendingLooks: 2 }, async ({ stub, lambda }) => {
    const wanted = { ...NEW, Tags: { a: 'b' }, MemorySize: 512, Environment: { Variables: { AB: 'c' } } };
    assert.is((await lambda.createFunction(wanted)).State, 'Pending');
    const look = async () => (await lambda.getFunctionConfiguration({ FunctionName: 'new' })).State;
    assert.equal([await look(), await look(), await look()], ['Pending', 'Pending', 'Active']);
    const { Configuration, Tags, Code } = await lambda.getFunction({ FunctionName: 'new' });
    assert.equal([Tags, Configuration?.MemorySize, Configuration?.Timeout], [{ a: 'b' }, 512, 3]);
    const bytes = Buffer.from(await (await fetch(Code?.Location ?? '')).arrayBuffer());
    assert.ok(bytes.equals(CODE.ZipFile));
    assert.ok(stub.state.functions.get('new')?.latest.code.zip.equals(CODE.ZipFile));
  });
});

test('a function that cannot be made is not made', async () => {
  await withClients({ seed: SEED }, async ({ stub, lambda }) => {
    const create = (change: object) => lambda.createFunction({ ...NEW, ...change });
    await refuses(create(FN), 'ResourceConflictException', 409, 'Function already exist: f');
    const assumed = 'The role defined for the function cannot be assumed by Lambda.';
    await refuses(create({ Role: ROLE.replace('lambda-role', 'none') }), INVALID, 400, assumed);
    await refuses(create({ Role: 'r1' }), 'ValidationException', 400, /'r1' at 'role' failed to satisfy/);
    await refuses(create({ Runtime: 'node' }), INVALID, 400, /Value node at 'runtime'/);
    await refuses(create({ Runtime: 'nodejs16.x' }), INVALID, 400, /nodejs16.x is no longer supported/);
    await refuses(create({ Runtime: undefined }), INVALID, 400, /^Runtime and Handler are mandatory/);
    await refuses(create({ FunctionName: 'a b' }), 'ValidationException', 400, /'functionName'/);
    await refuses(create({ FunctionName: 'x'.repeat(65) }), 'ValidationException', 400, /to 64$/);
    await refuses(
      create({ Architectures: ['x86_64', 'arm64'] }),
      'ValidationException',
      400,
      /less than or equal to 1$/,
    );
    await refuses(
      create({ Architectures: ['X86'] }),
      'ValidationException',
      400,
      /enum value set: \[x86_64, arm64\]/,
    );
    assert.equal([...stub.state.functions.keys()], ['f']);
  });
});

test('a role that was just made cannot be assumed for a while, one that trusts another never', async () => {
  await withClients({ newRoleRefusals: 2 }, async ({ lambda, iam }) => {
    const trust = (service: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      });
    const make = async (RoleName: string, service: string) =>
      (await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust(service) })).Role?.Arn;
    const Role = await make('fresh', 'lambda.amazonaws.com');
    const assumed = 'The role defined for the function cannot be assumed by Lambda.';
    for (const _ of [1, 2]) await refuses(lambda.createFunction({ ...NEW, Role }), INVALID, 400, assumed);
    await lambda.createFunction({ ...NEW, Role });
    const other = await make('other', 'ec2.amazonaws.com');
    const create = () => lambda.createFunction({ ...NEW, FunctionName: 'n', Role: other });
    for (const _ of [1, 2, 3]) await refuses(create(), INVALID, 400, assumed);
  });
});

test('while an update is in progress others are refused, and a revision that is stale always', async () => {
  await withClients({ seed: SEED, updateLooks: 1 }, async ({ lambda }) => {
    const before = (await lambda.getFunctionConfiguration(FN)).RevisionId;
    const update = await lambda.updateFunctionConfiguration({ ...FN, MemorySize: 256 });
    assert.is(update.LastUpdateStatus, 'InProgress');
    const busy = `The operation cannot be performed at this time. An update is in progress for resource: ${ARN}`;
    await refuses(lambda.updateFunctionCode({ ...FN, ...CODE }), 'ResourceConflictException', 409, busy);
    const done = await lambda.getFunctionConfiguration(FN);
    assert.is(done.LastUpdateStatus, 'Successful');
    assert.is.not(done.RevisionId, update.RevisionId);
    const stale = /^The Revision Id provided does not match the latest Revision Id\./;
    const late = { ...FN, RevisionId: before };
    await refuses(lambda.updateFunctionConfiguration(late), 'PreconditionFailedException', 412, stale);
    await refuses(lambda.updateFunctionCode({ ...late, ...CODE }), 'PreconditionFailedException', 412, stale);
    await refuses(lambda.publishVersion(late), 'PreconditionFailedException', 412, stale);
    await lambda.updateFunctionConfiguration({ ...FN, RevisionId: done.RevisionId });
    await refuses(lambda.publishVersion(FN), 'ResourceConflictException', 409, busy);
    await lambda.publishVersion(FN);
  });
});

test('an update can fail, and says why', async () => {
  await withClients({ seed: SEED, updateLooks: 0 }, async ({ stub, lambda }) => {
    const fn = stub.state.functions.get('f');
    if (fn) fn.failure = 'The KMS key is gone';
    await lambda.updateFunctionCode({ ...FN, ...CODE });
    const { LastUpdateStatus, LastUpdateStatusReason } = await lambda.getFunctionConfiguration(FN);
    assert.equal([LastUpdateStatus, LastUpdateStatusReason], ['Failed', 'The KMS key is gone']);
    await lambda.updateFunctionCode({ ...FN, ...CODE });
  });
});

test('DryRun checks everything and changes nothing', async () => {
  await withClients({ seed: SEED }, async ({ stub, lambda }) => {
    const before = JSON.stringify(stub.state.functions.get('f'));
    await lambda.updateFunctionCode({ ...FN, ...CODE, DryRun: true });
    const broken = { ...FN, ZipFile: Buffer.from('no zip'), DryRun: true };
    await refuses(lambda.updateFunctionCode(broken), INVALID, 400, /^Could not unzip uploaded file/);
    assert.is(JSON.stringify(stub.state.functions.get('f')), before);
  });
});

test('a VPC needs a role with rights, and an access point a VPC and a path of one segment', async () => {
  const Arn = 'arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-0123456789abcdef0';
  const seed = { ...SEED, roles: { plain: {} }, accessPoints: { [Arn]: {} } };
  await withClients({ seed, updateLooks: 0 }, async ({ lambda }) => {
    const update = (change: object) => lambda.updateFunctionConfiguration({ ...FN, ...change });
    const VpcConfig = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
    const mount = (LocalMountPath: string, arn = Arn) => ({
      FileSystemConfigs: [{ Arn: arn, LocalMountPath }],
    });
    await refuses(
      update(mount('/mnt/model')),
      INVALID,
      400,
      /^Function must be configured to execute in a VPC/,
    );
    const Role = ROLE.replace('lambda-role', 'plain');
    await refuses(
      update({ VpcConfig, Role }),
      INVALID,
      400,
      /does not have permissions to call CreateNetworkInterface/,
    );
    await refuses(update({ VpcConfig, ...mount('/model') }), 'ValidationException', 400, /localMountPath/);
    await refuses(update({ VpcConfig, ...mount('/mnt/a/b') }), 'ValidationException', 400, /localMountPath/);
    await refuses(
      update({ VpcConfig, ...mount('/mnt/m', 'arn:fsap-1') }),
      'ValidationException',
      400,
      /member.arn/,
    );
    const made = await update({ VpcConfig, ...mount('/mnt/model') });
    assert.equal(
      [made.VpcConfig?.VpcId, made.FileSystemConfigs?.[0]?.LocalMountPath],
      ['vpc-1', '/mnt/model'],
    );
  });
});

test('the code of an object is taken only where it is, and is what it was', async () => {
  const objects = { 'a.zip': CODE.ZipFile };
  const buckets = {
    plain: { objects },
    versioned: { versioned: true, objects },
    far: { region: 'us-east-1', objects },
  };
  await withClients({ seed: { ...SEED, buckets }, updateLooks: 0 }, async ({ stub, lambda }) => {
    const update = (S3Bucket: string, S3Key: string, more: object = {}) =>
      lambda.updateFunctionCode({ ...FN, S3Bucket, S3Key, ...more });
    const start = 'Error occurred while GetObject. S3 Error Code:';
    const key = `${start} NoSuchKey. S3 Error Message: The specified key does not exist.`;
    await refuses(update('plain', 'x.zip'), INVALID, 400, key);
    await refuses(update('none', 'a.zip'), INVALID, 400, /S3 Error Code: NoSuchBucket\./);
    await refuses(update('far', 'a.zip'), INVALID, 400, /S3 Error Code: PermanentRedirect\./);
    await refuses(update('versioned', 'a.zip', { S3ObjectVersion: 'x' }), INVALID, 400, /NoSuchVersion/);
    const reference = { S3ObjectStorageMode: 'REFERENCE' };
    await refuses(update('versioned', 'a.zip', reference), INVALID, 400, /^\[stub\] REFERENCE needs/);
    const version = stub.state.buckets.get('versioned')?.objects.get('a.zip')?.at(-1)?.version;
    await update('versioned', 'a.zip', { ...reference, S3ObjectVersion: version });
    assert.is(stub.state.functions.get('f')?.latest.code.storage, 'reference');
    await update('plain', 'a.zip');
    assert.is(stub.state.functions.get('f')?.latest.code.storage, 'copy');
  });
});

test('code and layers are under 250 MB together, whatever is changed first', async () => {
  const layers = { a: [{ zip: zipOf(claims(200_000_000)) }], b: [{ zip: zipOf(claims(100_000_000)) }] };
  const functions = { f: { zip: zipOf(claims(100_000_000)) } };
  await withClients({ seed: { functions, layers }, updateLooks: 0 }, async ({ stub, lambda }: Clients) => {
    const attach = (...Layers: string[]) => lambda.updateFunctionConfiguration({ ...FN, Layers });
    const [a, b] = [layerArn('a', 1), layerArn('b', 1)];
    const both =
      'Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is 300000000 bytes.';
    await refuses(attach(a), INVALID, 400, both);
    await refuses(
      attach(a, b),
      INVALID,
      400,
      'Layers consume more than the available size of 262144000 bytes',
    );
    await lambda.updateFunctionCode({ ...FN, ZipFile: zipOf(claims(62_143_999)) });
    await attach(a);
    const grow = lambda.updateFunctionCode({ ...FN, ZipFile: zipOf(claims(62_144_000)) });
    await refuses(grow, INVALID, 400, 'Unzipped size must be smaller than 62144000 bytes');
    const fresh = { ...NEW, Layers: [a], Code: { ZipFile: zipOf(claims(62_144_000)) } };
    await refuses(
      lambda.createFunction(fresh),
      INVALID,
      400,
      'Unzipped size must be smaller than 62144000 bytes',
    );
    const history = stub.state.functions.get('f')?.history.map(({ layers }) => layers);
    assert.equal(history, [[], [], [a]]);
  });
});

test.run();
