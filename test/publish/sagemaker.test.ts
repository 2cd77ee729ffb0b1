import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ENDPOINT, withModelDesk } from '../helpers/sagemaker-desk.ts';

/** Without the breaks of lines. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

const ALL = ['PutObject', 'CreateModel', 'CreateEndpointConfig', 'CreateEndpoint'];

test('a folder becomes an endpoint; with nothing changed nothing is sent, and what changed is updated', () =>
  withModelDesk(async ({ cwd, stub, publish, takeCalls }) => {
    const made = await publish('torch', ...ENDPOINT, '--sample', 'sample.json');
    assert.is(made.code, 0, made.stderr);
    assert.equal(takeCalls('writes'), ALL);
    assert.match(made.stdout, /classify in eu-west-1 {2}4 changes/);
    assert.match(made.stdout, /s3:\/\/models\/lambda-slim\/[0-9a-f]{8}…\.model\.tar\.gz/);
    assert.ok(Math.max(...made.stdout.split('\n').map(({ length }) => length)) < 170, made.stdout);
    assert.match(made.stdout, /answers \{"inputs":\[1,2\]\}/);
    const [model] = stub.state.sagemaker.models.values();
    assert.is(model?.image, '763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.6.0-cpu-py312');
    assert.match(model?.archive ?? '', /^s3:\/\/models\/lambda-slim\/[0-9a-f]{64}\.model\.tar\.gz$/);
    assert.equal(model?.environment, {
      SAGEMAKER_PROGRAM: 'inference.py',
      SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
      SAGEMAKER_MODEL_SERVER_WORKERS: '1',
    });
    const [config] = stub.state.sagemaker.configs.values();
    assert.equal(config?.serverless, { MemorySizeInMB: 2048, MaxConcurrency: 5 });

    const same = await publish('torch', ...ENDPOINT);
    assert.match(same.stdout, /up to date, nothing sent/);
    assert.equal(takeCalls(), ['GetRole', 'DescribeEndpoint'], 'two looks, nothing else');

    await publish(
      'torch',
      ...ENDPOINT,
      '--memory',
      '4096',
      '--max-concurrency',
      '20',
      '--provisioned-concurrency',
      '2',
    );
    assert.equal(takeCalls('writes'), ['CreateEndpointConfig', 'UpdateEndpoint'], 'the model stays');
    assert.equal([...stub.state.sagemaker.configs.values()].at(-1)?.serverless, {
      MemorySizeInMB: 4096,
      MaxConcurrency: 20,
      ProvisionedConcurrency: 2,
    });

    await writeFile(join(cwd, 'torch/model.pth'), 'better');
    const better = await publish('torch', ...ENDPOINT);
    assert.equal(takeCalls('writes'), ['PutObject', 'CreateModel', 'CreateEndpointConfig', 'UpdateEndpoint']);
    assert.match(better.stdout, /keeps the old/);
    await writeFile(join(cwd, 'torch/model.pth'), 'weights');
    await publish('torch', ...ENDPOINT);
    assert.equal(takeCalls('writes'), ['UpdateEndpoint'], 'all of the first is still there');
  }));

test('a dry run tells the calls and sends none', () =>
  withModelDesk(async ({ publish, takeCalls }) => {
    const { code, stdout } = await publish('saved', ...ENDPOINT, '--dry-run');
    assert.is(code, 0);
    assert.equal(takeCalls('writes'), []);
    const calls = stdout.match(/(?:s3|sagemaker):\w+/g);
    assert.equal(calls, [
      's3:PutObject',
      'sagemaker:CreateModel',
      'sagemaker:CreateEndpointConfig',
      'sagemaker:CreateEndpoint',
    ]);
    assert.match(stdout, /tensorflow-inference:2\.20\.0-cpu-py312/);
    const { stdout: text } = await publish('saved', ...ENDPOINT, '--dry-run', '--json');
    const { endpoint, dryRun, calls: listed } = JSON.parse(text);
    assert.equal([endpoint, dryRun, listed.length], ['classify', true, 4]);
  }));

test('an endpoint that does not come up says why; the next publish deletes it and makes it anew', () => {
  let isBroken = true;
  const reason =
    'The primary container for production variant AllTraffic did not pass the ping health check.';
  return withModelDesk(
    async ({ stub, publish, takeCalls }) => {
      const failed = await publish('torch', ...ENDPOINT);
      assert.is(failed.code, 2);
      assert.match(flat(failed.stderr), /did not pass the ping health check/);
      assert.match(flat(failed.stderr), /aws logs tail \/aws\/sagemaker\/Endpoints\/classify/);
      takeCalls();
      isBroken = false;
      const plan = await publish('torch', ...ENDPOINT, '--dry-run');
      assert.match(plan.stdout, /sagemaker:DeleteEndpoint/);
      takeCalls();
      const mended = await publish('torch', ...ENDPOINT);
      assert.is(mended.code, 0, mended.stderr);
      assert.equal(takeCalls('writes'), ['DeleteEndpoint', 'CreateEndpoint']);
      assert.is(stub.state.sagemaker.endpoints.get('classify')?.status, 'InService');
    },
    { failsToStart: () => (isBroken ? reason : null) },
  );
});

test('an update that SageMaker takes back leaves the endpoint as it was, and is told', () =>
  withModelDesk(
    async ({ cwd, stub, publish }) => {
      await publish('torch', ...ENDPOINT);
      const before = stub.state.sagemaker.endpoints.get('classify')?.config;
      await writeFile(join(cwd, 'torch/model.pth'), 'worse');
      const { code, stderr } = await publish('torch', ...ENDPOINT);
      assert.is(code, 2);
      assert.match(
        flat(stderr),
        /took the update of classify back: out of memory\. The endpoint answers as before/,
      );
      assert.is(stub.state.sagemaker.endpoints.get('classify')?.config, before);
      assert.is(stub.state.sagemaker.endpoints.get('classify')?.status, 'InService');
    },
    {
      failsToStart: ({ name }) => {
        failing.add(name);
        return failing.size > 1 ? 'out of memory' : null;
      },
    },
  ));
const failing = new Set<string>();

test('what SageMaker would refuse is told before it is asked, all at once', () =>
  withModelDesk(async ({ publish, takeCalls }) => {
    const refused = async (...argv: readonly string[]): Promise<string> => {
      const { code, stderr } = await publish(...argv);
      assert.is(code, 2, stderr);
      assert.equal(takeCalls(), []);
      return flat(stderr);
    };
    const wrong = await refused(
      'torch',
      ...ENDPOINT,
      '--endpoint',
      'a_b',
      '--memory',
      '2000',
      '--provisioned-concurrency',
      '9',
    );
    assert.match(
      wrong,
      /endpoint name a_b .*in steps of 1024, not 2000.*most concurrent calls, which are 5, not 9/,
    );
    assert.match(await refused('torch', ...ENDPOINT, '--max-concurrency', '201'), /1 to 200/);
    assert.match(await refused('torch', '--target', 'sagemaker', '--role', 'sm'), /which endpoint/);
    assert.match(
      await refused('torch', '--target', 'sagemaker', '--endpoint', 'e'),
      /trusts sagemaker\.amazonaws\.com/,
    );
    assert.match(await refused('torch', ...ENDPOINT, '--framework-version', '9.9'), /Known are 2\.1\.0/);
    assert.match(await refused('torch', ...ENDPOINT, '--alias', 'live'), /--alias is about functions/);
    assert.match(
      await refused('torch', '--endpoint', 'e', '--function-name', 'f'),
      /needs --target sagemaker/,
    );
  }));

test('numbers that no endpoint takes are told with its bounds, and other kinds of files by their name', () =>
  withModelDesk(
    async ({ publish, takeCalls }) => {
      const words = async (...argv: readonly string[]): Promise<string> => {
        const { code, stderr } = await publish(...argv);
        assert.is(code, 2, stderr);
        assert.equal(takeCalls(), []);
        return flat(stderr);
      };
      assert.match(
        await words('torch', ...ENDPOINT, '--memory', '0'),
        /with --target sagemaker 1024 to 6144 in steps of 1024/,
      );
      assert.match(await words('torch', ...ENDPOINT, '--provisioned-concurrency', '0'), /1 to --max-conc/);
      assert.match(await words('m.zip', ...ENDPOINT), /m\.zip cannot be read.*takes \.tar\.gz/);
      assert.match(await words('torch/model.pth', ...ENDPOINT), /one file of a model.*Give the folder/);
    },
    {},
    { 'm.zip': 'PK' },
  ));

test('the account may refuse: no bucket, no role, another kind of endpoint, a foreign one that failed', () =>
  withModelDesk(async ({ stub, publish, takeCalls }) => {
    const words = async (...argv: readonly string[]): Promise<string> => {
      const { code, stderr } = await publish(...argv);
      assert.is(code, 2, stderr);
      assert.equal(takeCalls('writes'), []);
      return flat(stderr);
    };
    assert.match(
      await words('torch', '--target', 'sagemaker', '--endpoint', 'e', '--role', 'sm'),
      /from S3 only/,
    );
    assert.match(
      await words('torch', ...ENDPOINT, '--role', 'nobody'),
      /no role nobody.*roles for Lambda only/,
    );
    assert.match(await words('torch', ...ENDPOINT, '--bucket', 'gone'), /gone/);
    const { endpoints, configs } = stub.state.sagemaker;
    configs.set('theirs', { name: 'theirs', model: 'm', serverless: null });
    const theirs = { name: 'classify', config: 'theirs', failure: null, next: null, looks: 0 };
    endpoints.set('classify', { ...theirs, status: 'InService' });
    assert.match(await words('torch', ...ENDPOINT), /runs on instances/);
    endpoints.set('classify', { ...theirs, status: 'Failed', failure: 'no space' });
    assert.match(await words('torch', ...ENDPOINT), /not made by lambda-slim: no space\./);
  }));

test('what another has under way is waited for first', () =>
  withModelDesk(async ({ stub, publish, takeCalls }) => {
    await publish('torch', ...ENDPOINT);
    takeCalls();
    const endpoint = stub.state.sagemaker.endpoints.get('classify');
    if (endpoint) Object.assign(endpoint, { status: 'Updating', next: endpoint.config, looks: 3 });
    const { code, stdout } = await publish('torch', ...ENDPOINT);
    assert.equal([code, takeCalls('writes')], [0, []]);
    assert.match(stdout, /up to date/);
  }));

test('a sample that the model refuses, and one that is too large, are told apart from publishing', () =>
  withModelDesk(
    async ({ cwd, publish, takeCalls }) => {
      const { code, stdout, stderr } = await publish('torch', ...ENDPOINT, '--sample', 'sample.json');
      assert.is(code, 2);
      assert.match(stdout, /4 changes/, 'the endpoint is there');
      assert.match(flat(stderr), /answered 400: no picture/);
      takeCalls();
      await writeFile(join(cwd, 'large.json'), Buffer.alloc(4 * 1024 * 1024 + 1));
      const large = await publish('torch', ...ENDPOINT, '--sample', 'large.json');
      assert.is(large.code, 2);
      assert.match(large.stderr, /4194305 bytes/);
      assert.equal(takeCalls(), []);
    },
    { predict: () => ({ status: 400, contentType: 'text/plain', body: 'no picture' }) },
  ));

test('an archive with a finding of level error is not sent', () =>
  withModelDesk(
    async ({ publish, takeCalls }) => {
      const { code, stderr } = await publish('empty', ...ENDPOINT, '--framework', 'tensorflow');
      assert.is(code, 1);
      assert.match(stderr, /no saved_model\.pb/);
      assert.match(flat(stderr), /`lambda-slim build empty --target sagemaker` prints them again/);
      assert.equal(takeCalls(), []);
    },
    {},
    { 'empty/readme.txt': 'nothing' },
  ));

test.run();
