import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NewLayerVersion } from '../../../src/aws/types.ts';
import { zipOf } from '../../helpers/aws-stub/zip-of.ts';
import { type OpenedApi, operationsOf, withLambdaApi } from '../../helpers/lambda-api.ts';
import { rejects } from '../../helpers/rejects.ts';

const LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:classify-deps-1';
const FOREIGN = 'arn:aws:lambda:eu-west-1:999999999999:layer:shared:7';

async function newLayer(pack: OpenedApi['pack'], content = 'a'): Promise<NewLayerVersion> {
  return {
    name: 'classify-deps-1',
    description: `lambda-slim sha256=${content}`,
    license: 'MIT',
    runtimes: ['nodejs22.x', 'nodejs24.x'],
    archs: ['arm64'],
    code: await pack({ 'nodejs/node_modules/a/index.js': content }),
  };
}

test('versions of a layer are made, listed newest first, read and deleted', () =>
  withLambdaApi({ pageItems: 2 }, async ({ api, pack }) => {
    assert.equal(await api.listLayerVersions('classify-deps-1'), []);
    for (const content of ['a', 'b', 'c']) await api.publishLayer(await newLayer(pack, content));
    const listed = await api.listLayerVersions('classify-deps-1');
    assert.equal(
      listed.map(({ version }) => version),
      [3, 2, 1],
    );
    assert.equal(listed[1], {
      arn: `${LAYER}:2`,
      version: 2,
      description: 'lambda-slim sha256=b',
      runtimes: ['nodejs22.x', 'nodejs24.x'],
      archs: ['arm64'],
    });
    await api.deleteLayerVersion('classify-deps-1', 2);
    await api.deleteLayerVersion('classify-deps-1', 2);
    assert.is(await api.readLayerVersion(`${LAYER}:2`), null);
    assert.is((await api.listLayerVersions('classify-deps-1')).length, 2);
  }));

test('a layer of somebody else is read too, with its code', () => {
  const zip = zipOf({ 'bin/tool': 'x' });
  return withLambdaApi({ seed: { foreignLayers: { [FOREIGN]: { zip } } } }, async ({ api }) => {
    const found = await api.readLayerVersion(FOREIGN);
    assert.equal([found?.arn, found?.version], [FOREIGN, 7]);
    const response = await fetch(found?.codeUrl ?? '');
    assert.equal(Buffer.from(await response.arrayBuffer()), zip);
  });
});

test('a layer that others may use is told from one that is private', () =>
  withLambdaApi({ seed: { layers: { open: [{ shared: true }], own: [{}] } } }, async ({ api }) => {
    assert.is(await api.isLayerShared('open', 1), true);
    assert.is(await api.isLayerShared('own', 1), false);
  }));

test('layers that any version of any function uses', () => {
  const arn = (name: string, version: number): string =>
    `arn:aws:lambda:eu-west-1:123456789012:layer:${name}:${version}`;
  const functions = {
    one: { layers: [arn('a', 1)], published: true },
    two: { layers: [arn('b', 1)] },
    three: {},
  };
  const options = { seed: { functions, layers: { a: [{}, {}], b: [{}] } }, pageItems: 1 };
  return withLambdaApi(options, async ({ api }) => {
    await api.updateConfiguration('one', { layers: [arn('a', 2)] });
    assert.equal([...(await api.listUsedLayers())].sort(), [arn('a', 1), arn('a', 2), arn('b', 1)]);
  });
});

test('a lost answer makes no second version', async () => {
  for (const kind of ['drop-after', 'hang-after'] as const)
    await withLambdaApi(
      {},
      async ({ api, stub, pack }) => {
        stub.fault({ operation: 'PublishLayerVersion', kind });
        const made = await api.publishLayer(await newLayer(pack));
        assert.is(made.arn, `${LAYER}:1`);
        assert.equal(operationsOf(stub), ['PublishLayerVersion', 'ListLayerVersions']);
      },
      { silenceMs: 200 },
    );
});

test('what was not made is made again, even when an older one has the same content for other runtimes', async () => {
  for (const kind of ['throttle', 'error', 'drop-before'] as const)
    await withLambdaApi({}, async ({ api, stub, pack }) => {
      const layer = await newLayer(pack);
      await api.publishLayer({ ...layer, runtimes: ['nodejs20.x'] });
      stub.fault({ operation: 'PublishLayerVersion', kind });
      const made = await api.publishLayer(layer);
      assert.equal([made.version, made.runtimes.length], [2, 2]);
    });
});

test('a layer that cannot be made is explained, after as many attempts as said', () =>
  withLambdaApi({}, async ({ api, stub, pack }) => {
    stub.fault({ operation: 'PublishLayerVersion', kind: 'error', times: Number.POSITIVE_INFINITY });
    await rejects(api.publishLayer(await newLayer(pack)), 'AWS_FAILED');
    assert.is(operationsOf(stub).filter(name => name === 'PublishLayerVersion').length, 3);
  }));

test('a layer that is too large unzipped is refused with its reason', () =>
  withLambdaApi({}, async ({ api, pack }) => {
    const code = await pack({ 'nodejs/big': { claims: 262_144_000 } });
    const error = await rejects(api.publishLayer({ ...(await newLayer(pack)), code }), 'AWS_REFUSED');
    assert.match(error.message, 'Unzipped size must be smaller than 262144000 bytes');
    assert.match(error.hint, 'smaller');
  }));

test.run();
