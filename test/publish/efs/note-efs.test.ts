import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AwsStubOptions } from '../../helpers/aws-stub/aws-stub.ts';
import type { SeedAccessPoint } from '../../helpers/aws-stub/efs/state.ts';
import { ACCESS_POINT, type EfsWish, S3_FILES, withEfsDesk } from '../../helpers/publish-efs.ts';

const ONE: EfsWish = { files: { 'model/m.bin': 'model 1' } };
const GIB = 1024 ** 3;

/** What is said, or why it is refused. */
async function outcomeOf(
  point: SeedAccessPoint,
  wish: Partial<EfsWish> = {},
  options: AwsStubOptions = {},
): Promise<string> {
  const outcomes: string[] = [];
  const seed = { accessPoints: { [ACCESS_POINT]: point }, ...options.seed };
  await withEfsDesk(
    async ({ prepare, takeWrites }) => {
      const outcome = await prepare({ ...ONE, ...wish }).then(
        ({ plan }) => plan.notes.join('\n'),
        ({ message, hint }: { message: string; hint: string }) => `${message}\n${hint}`,
      );
      outcomes.push(outcome);
      assert.equal(takeWrites(), []);
    },
    { ...options, seed },
  );
  return outcomes.join();
}

const TARGET = { subnetId: 'subnet-1', vpcId: 'vpc-1', zone: 'eu-west-1a', state: 'available' };

test('the way to S3 is told of before a first sync, and nothing else where all is well', async () => {
  assert.match(await outcomeOf({}), /^In the VPC the function that syncs needs a way to S3[^\n]*$/);
});

test('an access point without a POSIX user', async () => {
  assert.match(await outcomeOf({ posixUser: null }), /no POSIX user/);
});

test('a bursting file system is told in seconds at its base rate, where that is long', async () => {
  const big = { files: { 'a.bin': '0123456789'.repeat(1_700_000) } };
  assert.match(
    await outcomeOf({ throughput: 'bursting' }, big),
    /reading all 16\.2 MiB takes 17 s at its base rate of 1\.0 MiB\/s/,
  );
  const stored = await outcomeOf({ throughput: 'bursting', storedBytes: 100 * GIB }, big);
  assert.not.match(stored, /bursting/);
  assert.not.match(await outcomeOf({ throughput: 'elastic' }, big), /bursting/);
});

test('subnets without a mount target, and another VPC', async () => {
  const targets = [TARGET, { ...TARGET, subnetId: 'subnet-9', zone: 'eu-west-1b' }];
  const vpc = { subnetIds: ['subnet-1', 'subnet-2'], securityGroupIds: ['sg-1'] };
  assert.match(
    await outcomeOf({ targets }, { config: { vpc } }),
    /subnet-2 has no mount target of its own; it works where its availability zone is one of eu-west-1a, eu-west-1b/,
  );
  const settings = { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } };
  const seed = {
    functions: { classify: { settings } },
    accessPoints: { [ACCESS_POINT]: { targets: [{ ...TARGET, vpcId: 'vpc-2' }] } },
  };
  assert.match(await outcomeOf({}, {}, { seed }), /The function is in vpc-1, and no mount target is/);
});

test('nothing that could be mounted is refused, before anything is sent', async () => {
  assert.match(await outcomeOf({ state: 'creating' }), /is not available yet/);
  assert.match(await outcomeOf({ targets: [] }), /no mount target that is available/);
  assert.match(await outcomeOf({ targets: [{ ...TARGET, state: 'creating' }] }), /create-mount-target/);
  const other = ACCESS_POINT.replace(/0$/, '1');
  const efs = { accessPoint: other };
  assert.match(await outcomeOf({}, { efs }), /There is no access point arn:\S+ef1\./);
  assert.match(
    await outcomeOf({}, { efs: { accessPoint: other.replace('eu-west-1', 'eu-west-2') } }),
    /access point lies in eu-west-2, and the function in eu-west-1/,
  );
  assert.match(
    await outcomeOf({}, { config: { vpc: undefined } }),
    /is in no VPC.*mount targets lie in subnet-1 \(eu-west-1a\)\.\n.*--subnet/s,
  );
});

test('SnapStart is refused in our words', async () => {
  const settings = {
    Runtime: 'python3.13',
    Handler: 'a.b',
    SnapStart: { ApplyOn: 'PublishedVersions' },
    VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
  };
  const seed = { functions: { classify: { settings } }, accessPoints: { [ACCESS_POINT]: {} } };
  assert.match(await outcomeOf({}, {}, { seed }), /has SnapStart, which does not go together/);
});

test('who may not look at EFS is told so, and goes on', async () => {
  assert.match(await outcomeOf({}, {}, { denied: ['DescribeAccessPoints'] }), /was not looked at/);
});

test('settings that AWS would refuse are told all at once', async () => {
  const text = await outcomeOf(
    {},
    {
      efs: { accessPoint: 'arn:fsap', mount: '/mnt/a/b', bucket: 'B', syncFunction: 'a b', folder: '../x' },
    },
  );
  for (const part of [
    /arn:fsap is not the ARN/,
    /mount \/mnt\/a\/b/,
    /B is no name/,
    /a b has/,
    /folder \.\.\/x/,
  ])
    assert.match(text, part);
  assert.match(await outcomeOf({}, { efs: { accessPoint: '', bucket: '' } }), /--access-point.*--bucket/);
  assert.match(
    await outcomeOf({}, { efs: { via: 'datasync', follow: 'current' } }),
    /cannot switch a link.*DataSync needs a role/,
  );
  assert.match(
    await outcomeOf({}, { efs: { via: 's3files' } }),
    /not the ARN of an access point of S3 Files/,
  );
});

test('S3 Files with little memory', async () => {
  const efs = { accessPoint: S3_FILES, via: 's3files' } as const;
  assert.match(await outcomeOf({}, { efs, memoryMiB: 256 }), /less than 512 MiB/);
  assert.is(await outcomeOf({}, { efs, memoryMiB: 512 }), '');
});

test.run();
