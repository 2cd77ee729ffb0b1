import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Clients, refuses, withClients } from '../helpers/aws-stub/clients.ts';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const ROLE = { RoleName: 'mine' };
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const GONE = 'NotFoundException';
const BAD = 'BadRequestException';

test('a role is made once, and has what it was given', async () => {
  await withClients({}, async ({ stub, iam }) => {
    const create = (change: object = {}) =>
      iam.createRole({
        ...ROLE,
        AssumeRolePolicyDocument: TRUST,
        Tags: [{ Key: 'a', Value: 'b&<c>' }],
        ...change,
      });
    await refuses(
      iam.getRole(ROLE),
      'NoSuchEntityException',
      404,
      'The role with name mine cannot be found.',
    );
    await refuses(
      create({ AssumeRolePolicyDocument: 'x' }),
      'MalformedPolicyDocumentException',
      400,
      /invalid Json/,
    );
    await refuses(create({ RoleName: 'a b' }), 'ValidationError', 400, /'roleName'/);
    const made = await create({ Description: 'of us' });
    assert.is(made.Role?.Arn, 'arn:aws:iam::123456789012:role/mine');
    await refuses(create(), 'EntityAlreadyExistsException', 409, 'Role with name mine already exists.');
    await refuses(
      create({ MaxSessionDuration: 3600 }),
      'NotImplemented',
      501,
      '[stub] does not know MaxSessionDuration',
    );
    const { Role } = await iam.getRole(ROLE);
    assert.equal([Role?.Description, Role?.Tags], ['of us', [{ Key: 'a', Value: 'b&<c>' }]]);
    assert.is(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), TRUST);
    assert.is(stub.state.roles.get('mine')?.refusals, 2);
  });
});

test('policies are put into a role, or attached to it', async () => {
  await withClients({ seed: { roles: { mine: { attached: [BASIC] } } }, pageItems: 1 }, async ({ iam }) => {
    const PolicyName = 'logs';
    const put = (PolicyDocument: string, of = ROLE) =>
      iam.putRolePolicy({ ...of, PolicyName, PolicyDocument });
    const read = () => iam.getRolePolicy({ ...ROLE, PolicyName });
    await refuses(read(), 'NoSuchEntityException', 404, 'The role policy with name logs cannot be found.');
    await refuses(put('{}'), 'MalformedPolicyDocumentException', 400, 'Syntax errors in policy.');
    await refuses(put(TRUST, { RoleName: 'none' }), 'NoSuchEntityException', 404, /cannot be found\.$/);
    await put(TRUST);
    assert.is(decodeURIComponent((await read()).PolicyDocument ?? ''), TRUST);
    const attach = (PolicyArn: string) => iam.attachRolePolicy({ ...ROLE, PolicyArn });
    await refuses(attach(`${BASIC}X`), 'NoSuchEntityException', 404, /is not attachable\.$/);
    await attach('arn:aws:iam::aws:policy/AmazonElasticFileSystemClientReadWriteAccess');
    const first = await iam.listAttachedRolePolicies(ROLE);
    const second = await iam.listAttachedRolePolicies({
      ...ROLE,
      ...(first.Marker ? { Marker: first.Marker } : {}),
    });
    assert.equal([first.IsTruncated, first.AttachedPolicies?.[0]?.PolicyArn], [true, BASIC]);
    assert.equal([second.IsTruncated, second.AttachedPolicies?.length], [false, 1]);
  });
});

/** An API with an integration. */
async function makeApi({ gateway }: Clients): Promise<{ readonly ApiId: string; readonly Target: string }> {
  const api = await gateway.createApi({ Name: 'mine', ProtocolType: 'HTTP', Tags: { a: 'b' } });
  const ApiId = api.ApiId ?? '';
  const made = await gateway.createIntegration({ ApiId, ...INTEGRATION });
  return { ApiId, Target: `integrations/${made.IntegrationId}` };
}

const INTEGRATION = {
  IntegrationType: 'AWS_PROXY',
  IntegrationUri: 'arn:aws:lambda:eu-west-1:123456789012:function:f:live',
  PayloadFormatVersion: '2.0',
} as const;

test('an HTTP API leads from routes to an integration, by a stage', async () => {
  await withClients({ pageItems: 1 }, async clients => {
    const { stub, gateway } = clients;
    const { ApiId, Target } = await makeApi(clients);
    for (const RouteKey of ['GET /predict', 'POST /predict'])
      await gateway.createRoute({ ApiId, RouteKey, Target });
    await gateway.createStage({ ApiId, StageName: '$default', AutoDeploy: true });
    const first = await gateway.getRoutes({ ApiId });
    const second = await gateway.getRoutes({
      ApiId,
      ...(first.NextToken ? { NextToken: first.NextToken } : {}),
    });
    assert.equal(
      [first, second].map(({ Items }) => Items?.[0]?.RouteKey),
      ['GET /predict', 'POST /predict'],
    );
    assert.is(second.NextToken, undefined);
    const api = await gateway.getApi({ ApiId });
    assert.equal(
      [api.ApiEndpoint, api.Tags],
      [`https://${ApiId}.execute-api.eu-west-1.amazonaws.com`, { a: 'b' }],
    );
    assert.instance(api.CreatedDate, Date);
    assert.is((await gateway.getStage({ ApiId, StageName: '$default' })).AutoDeploy, true);
    assert.is((await gateway.getIntegrations({ ApiId })).Items?.[0]?.PayloadFormatVersion, '2.0');
    await gateway.createApi({ Name: 'mine', ProtocolType: 'HTTP' });
    assert.is(stub.state.httpApis.size, 2);
    assert.ok((await gateway.getApis({})).NextToken);
  });
});

test('an HTTP API is changed in parts, and tagged', async () => {
  await withClients({}, async clients => {
    const { gateway } = clients;
    const { ApiId, Target } = await makeApi(clients);
    await gateway.updateApi({ ApiId, CorsConfiguration: { AllowOrigins: ['*'] } });
    const IntegrationId = Target.split('/')[1] ?? '';
    const turned = INTEGRATION.IntegrationUri.replace('live', 'other');
    const after = await gateway.updateIntegration({ ApiId, IntegrationId, IntegrationUri: turned });
    assert.equal([after.IntegrationUri, after.PayloadFormatVersion], [turned, '2.0']);
    const { RouteId } = await gateway.createRoute({ ApiId, RouteKey: 'GET /' });
    assert.is((await gateway.updateRoute({ ApiId, RouteId, Target })).Target, Target);
    await gateway.createStage({ ApiId, StageName: '$default' });
    assert.is(
      (await gateway.updateStage({ ApiId, StageName: '$default', AutoDeploy: true })).AutoDeploy,
      true,
    );
    const ResourceArn = `arn:aws:apigateway:eu-west-1::/apis/${ApiId}`;
    await gateway.tagResource({ ResourceArn, Tags: { c: 'd' } });
    assert.equal((await gateway.getTags({ ResourceArn })).Tags, { a: 'b', c: 'd' });
    const { Items } = await gateway.getApis({ MaxResults: '100' });
    assert.equal([Items?.[0]?.Name, Items?.[0]?.CorsConfiguration], ['mine', { AllowOrigins: ['*'] }]);
  });
});

test('what an HTTP API cannot be is refused', async () => {
  await withClients({}, async clients => {
    const { gateway } = clients;
    const { ApiId, Target } = await makeApi(clients);
    const socket = gateway.createApi({ Name: 'x', ProtocolType: 'WEBSOCKET' });
    await refuses(socket, BAD, 400, /^\[stub\] makes HTTP APIs only/);
    const none = gateway.getApi({ ApiId: 'none' });
    await refuses(none, GONE, 404, 'Invalid API identifier specified 123456789012:none');
    const connect = (change: object) => gateway.createIntegration({ ApiId, ...INTEGRATION, ...change });
    const required = 'PayloadFormatVersion is a required parameter for integration';
    await refuses(connect({ PayloadFormatVersion: undefined }), BAD, 400, required);
    await refuses(connect({ IntegrationUri: 'http://x' }), BAD, 400, /is not the ARN of a function$/);
    await refuses(connect({ TimeoutInMillis: 30_001 }), BAD, 400, /30000/);
    const add = (RouteKey: string, to = Target) => gateway.createRoute({ ApiId, RouteKey, Target: to });
    await refuses(add('GET predict'), BAD, 400, /is not the key of a route$/);
    await refuses(add('GET /', 'integrations/none'), BAD, 400, /there is no target/);
    await add('GET /');
    await refuses(add('GET /'), 'ConflictException', 409, 'Route with key GET / already exists for this API');
    const stage = () => gateway.createStage({ ApiId, StageName: 'v1' });
    await refuses(
      gateway.getStage({ ApiId, StageName: 'v1' }),
      GONE,
      404,
      'Invalid stage identifier specified',
    );
    await stage();
    await refuses(stage(), 'ConflictException', 409, /^Stage with name v1 already exists/);
  });
});

test('STS says who is calling', async () => {
  await withClients({}, async ({ stub }) => {
    const ask = async (key: string) => {
      const scope = `${key}/20261121/us-east-1/sts/aws4_request`;
      const response = await fetch(stub.url, {
        method: 'POST',
        body: 'Action=GetCallerIdentity&Version=2011-06-15',
        headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}` },
      });
      return `${response.status} ${await response.text()}`;
    };
    assert.match(await ask('AKIDEXAMPLE'), /^200 .*<Account>123456789012<\/Account>/s);
    assert.match(await ask('AKIDOTHER'), /^403 .*<Code>InvalidClientTokenId<\/Code>/s);
  });
});

test.run();
