import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRolesApi } from '../../../src/aws/iam/open-roles-api.ts';
import type { RolesApi } from '../../../src/aws/types.ts';
import { type AwsStub, type AwsStubOptions, withAwsStub } from '../../helpers/aws-stub/aws-stub.ts';
import { rejects } from '../../helpers/rejects.ts';
import { QUICK } from '../../helpers/upload.ts';

const NAME = 'classify-lambda-slim';
const ARN = `arn:aws:iam::123456789012:role/${NAME}`;
const NEEDS = { functionName: 'classify', vpc: false, accessPoint: null };

const openRoles = (stub: AwsStub, region = 'eu-west-1'): RolesApi =>
  openRolesApi(stub.env, region, { signal: new AbortController().signal, ...QUICK });

const withRoles = (options: AwsStubOptions, use: (roles: RolesApi, stub: AwsStub) => Promise<void>) =>
  withAwsStub(options, stub => use(openRoles(stub), stub));

const inlineOf = (stub: AwsStub): readonly string[] => [...(stub.state.roles.get(NAME)?.inline.keys() ?? [])];

test('a role is made with trust in Lambda, its policy, and a tag that says whose it is', () =>
  withRoles({}, async (roles, stub) => {
    assert.is(await roles.find(NAME), null);
    assert.is(await roles.create(NAME, NEEDS), ARN);
    assert.is(await roles.find(NAME), ARN);
    const role = stub.state.roles.get(NAME);
    assert.is(role?.tags.get('lambda-slim:function'), 'classify');
    assert.match(role?.trust ?? '', 'lambda.amazonaws.com');
    assert.match(role?.inline.get('lambda-slim-eu-west-1') ?? '', 'logs:eu-west-1:123456789012:log-group');
  }));

test('a role of somebody else is found, and never changed', () =>
  withRoles({ seed: { roles: { [NAME]: {} } } }, async (roles, stub) => {
    assert.is(await roles.find(NAME), ARN);
    assert.match((await rejects(roles.create(NAME, NEEDS), 'ROLE_TAKEN')).message, NAME);
    assert.equal(inlineOf(stub), []);
  }));

test('a role that was made for another function is not shared', () =>
  withRoles({}, async (roles, stub) => {
    await roles.create(NAME, { ...NEEDS, functionName: 'other' });
    const before = stub.state.roles.get(NAME)?.inline.get('lambda-slim-eu-west-1');
    await rejects(roles.create(NAME, NEEDS), 'ROLE_TAKEN');
    assert.is(stub.state.roles.get(NAME)?.inline.get('lambda-slim-eu-west-1'), before);
  }));

test('one that was left without its rights is completed', () =>
  withRoles({}, async (roles, stub) => {
    stub.fault({ operation: 'PutRolePolicy', times: 3, kind: 'error' });
    await rejects(roles.create(NAME, NEEDS), 'AWS_FAILED');
    assert.equal(inlineOf(stub), []);
    assert.is(await roles.create(NAME, NEEDS), ARN);
    assert.equal(inlineOf(stub), ['lambda-slim-eu-west-1']);
  }));

test('a function of the same name in another region adds its rights to those that are there', () =>
  withRoles({}, async (roles, stub) => {
    await roles.create(NAME, NEEDS);
    await openRoles(stub, 'us-east-2').create(NAME, NEEDS);
    assert.equal(inlineOf(stub), ['lambda-slim-eu-west-1', 'lambda-slim-us-east-2']);
  }));

test('needs that grew are added', () =>
  withRoles({}, async (roles, stub) => {
    await roles.create(NAME, NEEDS);
    await roles.create(NAME, { ...NEEDS, vpc: true });
    assert.equal(inlineOf(stub), ['lambda-slim-eu-west-1']);
    assert.match(
      stub.state.roles.get(NAME)?.inline.get('lambda-slim-eu-west-1') ?? '',
      'ec2:CreateNetworkInterface',
    );
  }));

for (const kind of ['throttle', 'error', 'drop-before', 'drop-after', 'hang-after'] as const)
  test(`whatever call meets ${kind} once, the role is complete`, () =>
    withRoles({}, async (clean, stub) => {
      await clean.create(NAME, NEEDS);
      const createWith = (at: number) =>
        withRoles({ faults: [{ at, kind }] }, async (roles, faulty) => {
          assert.is(await roles.create(NAME, NEEDS), ARN);
          assert.equal(inlineOf(faulty), ['lambda-slim-eu-west-1']);
          assert.is(faulty.state.roles.size, stub.state.roles.size);
        });
      await Promise.all(stub.requests.map(({ index }) => createWith(index)));
    }));

test('who may not make roles is told', () =>
  withRoles({ denied: ['CreateRole'] }, async roles => {
    await rejects(roles.create(NAME, NEEDS), 'AWS_DENIED');
  }));

test.run();
