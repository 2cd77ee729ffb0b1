import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openSagemakerApi } from '../../../src/aws/sagemaker/open-sagemaker-api.ts';
import type { SagemakerApi } from '../../../src/aws/sagemaker/types.ts';
import { type AwsStub, type AwsStubOptions, withAwsStub } from '../../helpers/aws-stub/aws-stub.ts';
import { rejects } from '../../helpers/rejects.ts';

const ROLE = 'arn:aws:iam::123456789012:role/sm';
const MODEL = {
  name: 'm-1',
  roleArn: ROLE,
  image: '763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.6.0-cpu-py312',
  archive: 's3://models/a.tar.gz',
  environment: {},
  tags: { team: 'shop' },
};
const CONFIG = {
  name: 'c-1',
  model: 'm-1',
  memoryMiB: 1024,
  maxConcurrency: 1,
  provisionedConcurrency: null,
  tags: {},
};

function withApi(
  use: (api: SagemakerApi, stub: AwsStub) => Promise<void>,
  options: AwsStubOptions & { readonly trust?: string } = {},
): Promise<void> {
  const { trust = '{"Principal":{"Service":"sagemaker.amazonaws.com"}}', ...others } = options;
  const seed = {
    buckets: { models: { objects: { 'a.tar.gz': Buffer.from('x') } } },
    roles: { sm: { trust } },
  };
  return withAwsStub({ seed, ...others }, stub => {
    const patience = { signal: new AbortController().signal, pollMs: 2, waitMs: 200, attempts: 2 };
    return use(openSagemakerApi(stub.env, 'eu-west-1', patience), stub);
  });
}

test('what is not there is null or false, and what was made is found', () =>
  withApi(async (api, stub) => {
    assert.equal(
      [await api.hasModel('m-1'), await api.hasEndpointConfig('c-1'), await api.readEndpoint('e')],
      [false, false, null],
    );
    await api.createModel(MODEL);
    await api.createModel(MODEL);
    await api.createEndpointConfig(CONFIG);
    await api.createEndpointConfig(CONFIG);
    await api.createEndpoint('e', 'c-1', {});
    await api.createEndpoint('e', 'c-1', {});
    assert.equal([await api.hasModel('m-1'), await api.hasEndpointConfig('c-1')], [true, true]);
    const looks: string[] = [];
    const settled = await api.waitUntilSettled('e', ({ status }) => void looks.push(status));
    assert.equal([settled?.status, settled?.config, settled?.isServerless], ['InService', 'c-1', true]);
    await api.deleteEndpoint('e');
    await api.deleteEndpoint('e');
    assert.is(await api.readEndpoint('e'), null);
    assert.is(stub.state.sagemaker.models.size, 1);
  }));

test('an endpoint that is never ready is waited for within a bound, and a cancelled wait ends', () =>
  withApi(
    async (api, stub) => {
      await api.createModel(MODEL);
      await api.createEndpointConfig(CONFIG);
      await api.createEndpoint('e', 'c-1', {});
      await rejects(
        api.waitUntilSettled('e', () => {}),
        'SAGEMAKER_NOT_READY',
      );
      const stop = new AbortController();
      const other = openSagemakerApi(stub.env, 'eu-west-1', {
        signal: stop.signal,
        pollMs: 2,
        waitMs: 60_000,
      });
      await rejects(
        other.waitUntilSettled('e', () => stop.abort()),
        'CANCELLED',
      );
    },
    { endpointLooks: 1_000_000 },
  ));

test('a role that SageMaker cannot take is asked for again, and then told with what to do', () =>
  withApi(
    async (api, stub) => {
      const error = await rejects(api.createModel(MODEL), 'AWS_REFUSED');
      assert.match(error.message, /Could not assume role/);
      assert.match(error.hint, /sagemaker\.amazonaws\.com/);
      assert.ok(stub.requests.filter(({ operation }) => operation === 'CreateModel').length > 2);
    },
    { trust: '{"Principal":{"Service":"lambda.amazonaws.com"}}' },
  ));

test('the stub refuses what AWS does and moto does not', () =>
  withApi(async api => {
    await api.createModel(MODEL);
    await rejects(api.createEndpointConfig({ ...CONFIG, maxConcurrency: 500 }), 'AWS_REFUSED');
    await rejects(api.createEndpointConfig({ ...CONFIG, memoryMiB: 1500 }), 'AWS_REFUSED');
    await rejects(api.createEndpointConfig({ ...CONFIG, provisionedConcurrency: 2 }), 'AWS_REFUSED');
    await rejects(api.updateEndpoint('e', 'c-1'), 'AWS_REFUSED');
    await rejects(
      api.invoke({ endpoint: 'e', body: Buffer.from('x'), contentType: 'text/csv', accept: '*/*' }),
      'AWS_REFUSED',
    );
    await api.createEndpointConfig(CONFIG);
    await api.createEndpoint('e', 'c-1', {});
    await api.waitUntilSettled('e', () => {});
    const large = {
      endpoint: 'e',
      body: Buffer.alloc(4 * 1024 * 1024 + 1),
      contentType: 'text/csv',
      accept: '*/*',
    };
    await rejects(api.invoke(large), 'AWS_REFUSED');
    const answer = await api.invoke({ ...large, body: Buffer.from('1,2'), accept: 'text/csv' });
    assert.equal([Buffer.from(answer.body).toString(), answer.contentType], ['1,2', 'text/csv']);
  }));

test.run();
