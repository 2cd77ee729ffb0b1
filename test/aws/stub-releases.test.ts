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
const GONE = 'ResourceNotFoundException';
const SEED = { seed: { functions: { f: { aliases: { live: '1' } } } }, updateLooks: 0 };

const CODE = { ZipFile: zipOf({ 'index.mjs': 'export {}' }) };

test('a version is made only where something changed, and of the code that was meant', async () => {
  await withClients(SEED, async ({ stub, lambda }) => {
    const publish = async (more: object = {}) => (await lambda.publishVersion({ ...FN, ...more })).Version;
    assert.is(await publish(), '1');
    await lambda.updateFunctionCode({ ...FN, ...CODE });
    const sha = stub.state.functions.get('f')?.latest.code.sha256 ?? '';
    const text = `CodeSHA256 (x) is different from current CodeSHA256 in $LATEST (${sha}). Please try again with the CodeSHA256 in $LATEST.`;
    await refuses(publish({ CodeSha256: 'x' }), INVALID, 400, text);
    assert.equal([await publish({ CodeSha256: sha }), await publish({ Description: 'd' })], ['2', '2']);
    await lambda.updateFunctionConfiguration({ ...FN, MemorySize: 256 });
    await lambda.updateFunctionConfiguration({ ...FN, MemorySize: 128 });
    assert.is(await publish(), '2');
    const made = await lambda.updateFunctionCode({ ...FN, ZipFile: zipOf({ a: 'b' }), Publish: true });
    assert.equal([made.Version, made.FunctionArn], ['3', `${ARN}:3`]);
    const one = await lambda.getFunction({ ...FN, Qualifier: '1' });
    assert.equal([one.Configuration?.Version, one.Configuration?.State], ['1', 'Active']);
  });
});

test('lists of versions and functions come in pages', async () => {
  await withClients({ ...SEED, pageItems: 2 }, async ({ stub, lambda }) => {
    for (const text of ['a', 'b', 'c'])
      await lambda.updateFunctionCode({ ...FN, ZipFile: zipOf({ text }), Publish: true });
    const first = await lambda.listVersionsByFunction(FN);
    const second = await lambda.listVersionsByFunction({
      ...FN,
      ...(first.NextMarker ? { Marker: first.NextMarker } : {}),
    });
    assert.equal(
      first.Versions?.map(({ Version }) => Version),
      ['$LATEST', '1'],
    );
    assert.equal(
      second.Versions?.map(({ Version }) => Version),
      ['2', '3'],
    );
    const all = await lambda.listFunctions({ FunctionVersion: 'ALL', MaxItems: 1 });
    assert.equal(
      all.Functions?.map(({ FunctionArn }) => FunctionArn),
      [`${ARN}:$LATEST`],
    );
    assert.is((await lambda.listFunctions({})).Functions?.length, 1);
    const foreign = { Marker: first.NextMarker ?? '' };
    await refuses(lambda.listFunctions(foreign), INVALID, 400, /^\[stub\] the Marker/);
    assert.ok(stub.requests.every(({ bytes, isWrite }) => isWrite || bytes === 0));
  });
});

test('aliases name versions that are there, and share calls as Lambda lets them', async () => {
  await withClients(SEED, async ({ lambda }) => {
    await lambda.updateFunctionCode({ ...FN, ...CODE, Publish: true });
    const create = (Name: string, FunctionVersion = '1') =>
      lambda.createAlias({ ...FN, Name, FunctionVersion });
    await refuses(create('live'), CONFLICT, 409, `Alias already exists: ${ARN}:live`);
    await refuses(create('7'), VALIDATION, 400, /'7' at 'name' .* pattern: \(\?!\^\[0-9\]\+\$\)/);
    await refuses(create('a b'), VALIDATION, 400, /'a b' at 'name'/);
    await refuses(create('other', '9'), GONE, 404, `Function not found: ${ARN}:9`);
    const share = (AdditionalVersionWeights: Record<string, number>, more: object = {}) =>
      lambda.updateAlias({ ...FN, Name: 'live', RoutingConfig: { AdditionalVersionWeights }, ...more });
    await refuses(share({ 2: 0.1, 3: 0.1 }), INVALID, 400, /cannot be greater than 1$/);
    await refuses(share({ 2: 1.1 }), VALIDATION, 400, /'\{2=1.1\}' .* less than or equal to 1.0/);
    await refuses(share({ 1: 0.1 }), INVALID, 400, /^Invalid function version 1\./);
    await refuses(share({ 9: 0.1 }), GONE, 404, `Function not found: ${ARN}:9`);
    await refuses(
      share({ 2: 0.1 }, { FunctionVersion: '$LATEST' }),
      INVALID,
      400,
      /^\$LATEST is not supported/,
    );
    const before = await lambda.getAlias({ ...FN, Name: 'live' });
    await share({ 2: 0.1 }, { RevisionId: before.RevisionId });
    await refuses(
      share({}, { RevisionId: before.RevisionId }),
      'PreconditionFailedException',
      412,
      /^The Revision Id/,
    );
    const promote = lambda.updateAlias({ ...FN, Name: 'live', FunctionVersion: '2' });
    await refuses(promote, INVALID, 400, /^Invalid function version 2\./);
    const after = await lambda.updateAlias({ ...FN, Name: 'live', Description: 'd' });
    assert.equal(after.RoutingConfig, { AdditionalVersionWeights: { 2: 0.1 } });
    assert.is((await share({}, { FunctionVersion: '2' })).RoutingConfig, undefined);
    await lambda.deleteAlias({ ...FN, Name: 'live' });
    await refuses(lambda.getAlias({ ...FN, Name: 'live' }), GONE, 404, `Cannot find alias arn: ${ARN}:live`);
  });
});

test('what a qualifier names is found, and what it does not name is not', async () => {
  await withClients(SEED, async ({ lambda }) => {
    const read = (FunctionName: string, Qualifier?: string) =>
      lambda.getFunctionConfiguration({ FunctionName, ...(Qualifier ? { Qualifier } : {}) });
    assert.equal(
      [(await read('f')).FunctionArn, (await read('f', 'live')).FunctionArn],
      [ARN, `${ARN}:live`],
    );
    assert.equal([(await read(`${ARN}:live`)).Version, (await read('f:1')).Version], ['1', '1']);
    await refuses(read('g'), GONE, 404, `Function not found: ${ARN.replace(/f$/, 'g')}`);
    await refuses(read('f', 'none'), GONE, 404, `Cannot find alias arn: ${ARN}:none`);
    await refuses(read('f', '7'), GONE, 404, `Function not found: ${ARN}:7`);
    await refuses(read('f:1', 'live'), INVALID, 400, /^The derived qualifier/);
    await refuses(read(ARN.replace('eu-west-1', 'us-east-1')), GONE, 404, /^Function not found/);
  });
});

test('a URL belongs to a function or an alias, once', async () => {
  await withClients(SEED, async ({ lambda }) => {
    const create = (change: object) => lambda.createFunctionUrlConfig({ ...FN, AuthType: 'NONE', ...change });
    await refuses(create({ Qualifier: '1' }), VALIDATION, 400, /'1' at 'qualifier'/);
    await refuses(create({ Qualifier: 'none' }), GONE, 404, 'Function does not exist');
    await refuses(create({ FunctionName: 'g' }), GONE, 404, 'Function does not exist');
    await refuses(create({ AuthType: 'none' }), VALIDATION, 400, /enum value set: \[NONE, AWS_IAM\]$/);
    await refuses(create({ Cors: { AllowMethods: ['OPTIONS'] } }), VALIDATION, 400, /to 6$/);
    const nothing = 'The resource you requested does not exist.';
    await refuses(lambda.getFunctionUrlConfig(LIVE), GONE, 404, nothing);
    const made = await create({ Qualifier: 'live', Cors: { AllowOrigins: ['*'] } });
    assert.match(made.FunctionUrl ?? '', /^https:\/\/\w+\.lambda-url\.eu-west-1\.on\.aws\/$/);
    await refuses(
      create({ Qualifier: 'live' }),
      CONFLICT,
      409,
      /FunctionUrlConfig exists for this Lambda function$/,
    );
    await lambda.updateFunctionUrlConfig({ ...LIVE, InvokeMode: 'RESPONSE_STREAM' });
    const { InvokeMode, AuthType, Cors, FunctionArn } = await lambda.getFunctionUrlConfig(LIVE);
    assert.equal(
      [InvokeMode, AuthType, Cors, FunctionArn],
      ['RESPONSE_STREAM', 'NONE', { AllowOrigins: ['*'] }, `${ARN}:live`],
    );
    await lambda.deleteFunctionUrlConfig(LIVE);
    await refuses(lambda.getFunctionUrlConfig(LIVE), GONE, 404, nothing);
  });
});

test('statements of a policy have names of their own, and conditions that fit what they allow', async () => {
  await withClients(SEED, async ({ lambda }) => {
    const add = (change: object = {}) =>
      lambda.addPermission({
        ...LIVE,
        StatementId: 'url',
        Action: 'lambda:InvokeFunction',
        Principal: '*',
        ...change,
      });
    await refuses(lambda.getPolicy(LIVE), GONE, 404, 'The resource you requested does not exist.');
    await refuses(
      add({ Qualifier: '$LATEST' }),
      INVALID,
      400,
      'We currently do not support adding policies for $LATEST.',
    );
    await refuses(add({ StatementId: 'a b' }), VALIDATION, 400, /'statementId'/);
    await refuses(add({ Principal: 'me' }), INVALID, 400, /^The provided principal was invalid/);
    await refuses(add({ FunctionUrlAuthType: 'NONE' }), INVALID, 400, /^\[stub\] FunctionUrlAuthType goes/);
    await add({ InvokedViaFunctionUrl: true });
    await refuses(add(), CONFLICT, 409, /^The statement id \(url\) provided already exists\./);
    await add({
      StatementId: 'gw',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: 'arn:aws:execute-api:eu-west-1:123456789012:abc/*',
    });
    const { Statement } = JSON.parse((await lambda.getPolicy(LIVE)).Policy ?? '');
    assert.equal(Statement[0].Condition, { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } });
    assert.equal(
      [Statement[1].Principal, Statement[1].Resource],
      [{ Service: 'apigateway.amazonaws.com' }, `${ARN}:live`],
    );
    const remove = (StatementId: string) => lambda.removePermission({ ...LIVE, StatementId });
    await refuses(remove('x'), GONE, 404, 'Statement x is not found in resource policy.');
    await remove('url');
    await remove('gw');
    await refuses(remove('gw'), GONE, 404, 'No policy is associated with the given resource.');
    for (let n = 0; n < 90; n++) await add({ StatementId: `${'s'.repeat(95)}${n}` }).catch(() => {});
    await refuses(
      add({ StatementId: 's'.repeat(100) }),
      'PolicyLengthExceededException',
      400,
      /limit \(20480\)\.$/,
    );
  });
});

test('an invocation answers, with its log, and is cold after a change', async () => {
  const invoke = ({ event, cold }: { readonly event: unknown; readonly cold: boolean }) => ({ event, cold });
  await withClients({ ...SEED, invoke }, async ({ lambda }) => {
    const call = async () => {
      const { Payload, LogResult } = await lambda.invoke({ ...FN, Payload: '{"a":1}', LogType: 'Tail' });
      const log = Buffer.from(LogResult ?? '', 'base64').toString();
      return [JSON.parse(Buffer.from(Payload ?? []).toString()), /Init Duration/.test(log)];
    };
    assert.equal(await call(), [{ event: { a: 1 }, cold: true }, true]);
    assert.equal(await call(), [{ event: { a: 1 }, cold: false }, false]);
    await lambda.updateFunctionConfiguration({ ...FN, MemorySize: 512 });
    assert.equal(await call(), [{ event: { a: 1 }, cold: true }, true]);
  });
});

test.run();
