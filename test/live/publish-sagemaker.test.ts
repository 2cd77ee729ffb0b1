import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runFake } from '../helpers/fake-io.ts';
import { hasMoto, withMoto } from '../helpers/moto.ts';
import { withProject } from '../helpers/project.ts';
import { ENDPOINT, withModelDesk } from '../helpers/sagemaker-desk.ts';

/** Without the breaks of lines. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

const ALL = ['PutObject', 'CreateModel', 'CreateEndpointConfig', 'CreateEndpoint'];

test('a failure half-way names what was done, and the second run completes it, whichever call fails', async () => {
  for (const [index, operation] of ALL.entries())
    await withModelDesk(
      async ({ publish, takeCalls }) => {
        const { code, stderr } = await publish('torch', ...ENDPOINT);
        assert.is(code, 2, operation);
        assert.match(flat(stderr), index === 0 ? /Done: nothing\./ : /Done: object/);
        assert.match(flat(stderr), new RegExp(`Not done: ${operation} `));
        takeCalls();
        assert.is((await publish('torch', ...ENDPOINT)).code, 0);
        assert.equal(takeCalls('writes'), ALL.slice(index), operation);
      },
      { endpointLooks: 0, faults: [{ kind: 'conflict', operation }] },
    );
});

test('throttling, and answers that get lost, are of no harm', async () => {
  const faults = [
    ['throttle', 'CreateModel'],
    ['error', 'CreateEndpoint'],
    ...ALL.slice(1).map(operation => ['drop-after', operation] as const),
    ['drop-before', 'CreateEndpointConfig'],
    ['drop-before', 'DescribeEndpoint'],
  ] as const;
  for (const [kind, operation] of faults)
    await withModelDesk(
      async ({ stub, publish }) => {
        const { code, stderr } = await publish('torch', ...ENDPOINT);
        assert.is(code, 0, `${kind} ${operation}: ${stderr}`);
        assert.is(stub.state.sagemaker.endpoints.get('classify')?.status, 'InService');
      },
      { endpointLooks: 0, faults: [{ kind, operation }] },
    );
  await withModelDesk(
    async ({ cwd, stub, publish }) => {
      await publish('torch', ...ENDPOINT);
      await writeFile(join(cwd, 'torch/model.pth'), 'new');
      const { code, stderr } = await publish('torch', ...ENDPOINT);
      assert.is(code, 0, stderr);
      assert.is(stub.state.sagemaker.endpoints.get('classify')?.status, 'InService');
    },
    { endpointLooks: 0, faults: [{ kind: 'drop-after', operation: 'UpdateEndpoint' }] },
  );
});

/** What moto's endpoints answer is told to it beforehand. */
async function teachMoto(endpoint: string): Promise<void> {
  const results = [{ Body: '{"label":"Ankle boot"}', ContentType: 'application/json' }];
  const body = JSON.stringify({ account_id: '123456789012', region: 'eu-west-1', results });
  const headers = { 'Content-Type': 'application/json' };
  await fetch(`${endpoint}/moto-api/static/sagemaker/endpoint-results`, { method: 'POST', headers, body });
}

if (hasMoto())
  test('against moto: a SavedModel becomes an endpoint that answers, and a second publish sends nothing', () =>
    withMoto(env =>
      withProject(
        {
          'model/saved_model.pb': 'graph',
          'model/variables/variables.index': 'index',
          'sample.json': '{"instances":[[1]]}',
        },
        async cwd => {
          const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '' } = env;
          const credentials = { accessKeyId: 'AKIDMOTO', secretAccessKey: 'secret' };
          const config = { endpoint, region, credentials };
          await new IAM(config).createRole({ RoleName: 'sm', AssumeRolePolicyDocument: '{}' });
          await new S3({ ...config, forcePathStyle: true }).createBucket({
            Bucket: 'models',
            CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
          });
          await teachMoto(endpoint);
          const publish = (...argv: readonly string[]) =>
            runFake(['publish', 'model', '--no-cache', ...ENDPOINT, ...argv], { cwd, env });
          const made = await publish('--sample', 'sample.json');
          assert.is(made.code, 0, made.stderr);
          assert.match(made.stdout, /4 changes[\s\S]*answers \{"label":"Ankle boot"\}/);
          const same = await publish();
          assert.match(same.stdout, /up to date, nothing sent/);
          const json = JSON.parse((await publish('--json')).stdout);
          assert.equal([json.endpoint, json.sentBytes, json.items[0].outcome], ['classify', 0, 'unchanged']);
        },
      ),
    ));

test.run();
