import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { refuses, withClients } from '../helpers/aws-stub/clients.ts';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';

const FN = { FunctionName: 'f' };
const LIVE = { ...FN, Qualifier: 'live' };
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
const INVALID = 'InvalidParameterValueException';
const VALIDATION = 'ValidationException';
const CONFLICT = 'ResourceConflictException';
const SEED = { seed: { functions: { f: { aliases: { live: '1' } } } }, updateLooks: 0 };

const CODE = { ZipFile: zipOf({ 'index.mjs': 'export {}' }) };

test('provisioned concurrency takes its time, and has rules of its own', async () => {
  await withClients({ ...SEED, provisionedLooks: 2 }, async ({ stub, lambda }) => {
    const put = (Qualifier: string, count = 2) =>
      lambda.putProvisionedConcurrencyConfig({ ...FN, Qualifier, ProvisionedConcurrentExecutions: count });
    const look = async () => (await lambda.getProvisionedConcurrencyConfig(LIVE)).Status;
    const unpublished = 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.';
    await refuses(put('$LATEST'), INVALID, 400, unpublished);
    await refuses(put('live', 0), VALIDATION, 400, /greater than or equal to 1$/);
    await refuses(put('live', 901), INVALID, 400, /minimum value of \[100\]\.$/);
    const none = 'No Provisioned Concurrency Config found for this function';
    await refuses(look(), 'ProvisionedConcurrencyConfigNotFoundException', 404, none);
    assert.is((await put('live')).Status, 'IN_PROGRESS');
    await refuses(put('1'), CONFLICT, 409, 'Version is pointed by a Provisioned Concurrency alias');
    assert.equal([await look(), await look(), await look()], ['IN_PROGRESS', 'IN_PROGRESS', 'READY']);
    await lambda.updateFunctionCode({ ...FN, ...CODE, Publish: true });
    await lambda.updateAlias({ ...FN, Name: 'live', FunctionVersion: '2' });
    const weighted = 'Alias with weights can not be used with Provisioned Concurrency';
    const weights = async () =>
      (await lambda.getAlias({ ...FN, Name: 'live' })).RoutingConfig?.AdditionalVersionWeights;
    await refuses(put('live', 3), INVALID, 400, weighted);
    assert.equal([await look(), await weights(), await look()], ['IN_PROGRESS', undefined, 'READY']);
    await put('live', 3);
    const RoutingConfig = { AdditionalVersionWeights: { 1: 0.5 } };
    await lambda.updateAlias({ ...FN, Name: 'live', RoutingConfig });
    await refuses(put('live', 3), INVALID, 400, weighted);
    const held = stub.state.functions.get('f')?.provisioned.get('live');
    if (held) Object.assign(held, { looks: 0, failure: 'no capacity' });
    const { Status, StatusReason } = await lambda.getProvisionedConcurrencyConfig(LIVE);
    assert.equal([Status, StatusReason], ['FAILED', 'no capacity']);
    await lambda.deleteProvisionedConcurrencyConfig(LIVE);
    await refuses(look(), 'ProvisionedConcurrencyConfigNotFoundException', 404, none);
  });
});

test('an alias with provisioned concurrency shares its calls with the old version until the new one is ready', async () => {
  await withClients({ ...SEED, provisionedLooks: 1 }, async ({ stub, lambda }) => {
    const read = () => lambda.getAlias({ ...FN, Name: 'live' });
    const look = async () => (await lambda.getProvisionedConcurrencyConfig(LIVE)).Status;
    const move = (FunctionVersion: string) => lambda.updateAlias({ ...FN, Name: 'live', FunctionVersion });
    await lambda.updateFunctionCode({ ...FN, ...CODE, Publish: true });
    await lambda.putProvisionedConcurrencyConfig({ ...LIVE, ProvisionedConcurrentExecutions: 2 });
    assert.equal([await look(), await look()], ['IN_PROGRESS', 'READY']);
    const moved = await move('2');
    assert.equal(moved.RoutingConfig, { AdditionalVersionWeights: { 1: 1 } });
    await look();
    const settled = await read();
    assert.is(settled.RoutingConfig, undefined);
    assert.is.not(settled.RevisionId, moved.RevisionId);
    const held = stub.state.functions.get('f')?.provisioned.get('live');
    if (held) held.failure = 'init failed';
    await move('1');
    assert.equal([await look(), await look()], ['IN_PROGRESS', 'FAILED']);
    assert.equal((await read()).RoutingConfig, { AdditionalVersionWeights: { 2: 1 } });
  });
});

test('an alias and its version are not both provisioned, nor is an alias of $LATEST', async () => {
  await withClients(SEED, async ({ lambda }) => {
    await lambda.createAlias({ ...FN, Name: 'edge', FunctionVersion: '$LATEST' });
    const put = (Qualifier: string) =>
      lambda.putProvisionedConcurrencyConfig({ ...FN, Qualifier, ProvisionedConcurrentExecutions: 1 });
    await refuses(put('edge'), INVALID, 400, /^Provisioned Concurrency Configs cannot be applied/);
    await put('1');
    await refuses(put('live'), CONFLICT, 409, /^Alias can't be used for Provisioned Concurrency/);
    const { ProvisionedConcurrencyConfigs: all } = await lambda.listProvisionedConcurrencyConfigs(FN);
    assert.equal(
      all?.map(({ FunctionArn }) => FunctionArn),
      [`${ARN}:1`],
    );
  });
});

test.run();
