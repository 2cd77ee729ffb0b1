import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { layerArn, refuses, withClients } from '../helpers/aws-stub/clients.ts';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';

const FN = { FunctionName: 'f' };
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
const INVALID = 'InvalidParameterValueException';
const VALIDATION = 'ValidationException';
const GONE = 'ResourceNotFoundException';
const ZIP = zipOf({ 'nodejs/node_modules/a/index.js': 'x' });
const LAYER = { LayerName: 'deps', Content: { ZipFile: ZIP } };

test('a layer is published as it was sent, and its bytes can be read again', async () => {
  await withClients({}, async ({ lambda }) => {
    const facts = { Description: 'd', LicenseInfo: 'MIT', CompatibleRuntimes: ['nodejs22.x' as const] };
    const made = await lambda.publishLayerVersion({ ...LAYER, ...facts, CompatibleArchitectures: ['arm64'] });
    assert.equal([made.Version, made.LayerVersionArn], [1, layerArn('deps', 1)]);
    const read = await lambda.getLayerVersionByArn({ Arn: layerArn('deps', 1) });
    assert.equal(
      [read.LicenseInfo, read.CompatibleRuntimes, read.Content?.CodeSize],
      ['MIT', ['nodejs22.x'], ZIP.length],
    );
    const location = read.Content?.Location ?? '';
    const response = await fetch(location);
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(ZIP));
    const end = await fetch(location, { headers: { range: 'bytes=-22' } });
    assert.equal(
      [end.status, end.headers.get('content-range')],
      [206, `bytes ${ZIP.length - 22}-${ZIP.length - 1}/${ZIP.length}`],
    );
    assert.is((await fetch(location, { headers: { range: `bytes=${ZIP.length}-` } })).status, 416);
    assert.is((await fetch(location.replace(/.$/, 'x'))).status, 403);
    assert.is((await fetch(location, { headers: { authorization: 'AWS4' } })).status, 400);
  });
});

test('a layer that cannot be is not published, and takes no number', async () => {
  await withClients({}, async ({ stub, lambda }) => {
    const publish = (change: object) => lambda.publishLayerVersion({ ...LAYER, ...change });
    await refuses(publish({ Description: 'd'.repeat(257) }), VALIDATION, 400, /'description' .* to 256$/);
    await refuses(publish({ LicenseInfo: 'd'.repeat(513) }), VALIDATION, 400, /'licenseInfo' .* to 512$/);
    await refuses(publish({ CompatibleRuntimes: Array(16).fill('nodejs22.x') }), VALIDATION, 400, /to 15$/);
    await refuses(
      publish({ CompatibleArchitectures: ['x86'] }),
      VALIDATION,
      400,
      /'compatibleArchitectures'/,
    );
    await refuses(publish({ Content: { ZipFile: Buffer.from('x') } }), INVALID, 400, /^Could not unzip/);
    const large = { Content: { ZipFile: zipOf({ a: { claims: 262_144_000 } }) } };
    await refuses(publish(large), INVALID, 400, 'Unzipped size must be smaller than 262144000 bytes');
    const object = { Content: { S3Bucket: 'none', S3Key: 'k' } };
    await refuses(publish(object), INVALID, 400, /NoSuchBucket/);
    assert.is(stub.state.layers.size, 0);
  });
});

test('versions are listed newest first, in pages, and by what they fit', async () => {
  const layers = { deps: [{ runtimes: ['python3.13'] }, { archs: ['arm64'] }, {}], other: [{}] };
  await withClients({ seed: { layers }, pageItems: 2 }, async ({ lambda }) => {
    const list = async (more: object = {}) => {
      const { LayerVersions, NextMarker } = await lambda.listLayerVersions({ LayerName: 'deps', ...more });
      return { numbers: LayerVersions?.map(({ Version }) => Version), NextMarker };
    };
    const first = await list();
    assert.equal([first.numbers, (await list({ Marker: first.NextMarker })).numbers], [[3, 2], [1]]);
    assert.equal((await list({ CompatibleRuntime: 'python3.13' })).numbers, [1]);
    assert.equal((await list({ CompatibleArchitecture: 'arm64' })).numbers, [2]);
    assert.equal((await lambda.listLayerVersions({ LayerName: 'none' })).LayerVersions, []);
    assert.equal(
      (await lambda.listLayers({})).Layers?.map(({ LayerName }) => LayerName),
      ['deps', 'other'],
    );
  });
});

test('a deleted version stays with the functions that have it, and its number is not used again', async () => {
  const seed = { layers: { deps: [{}, {}] }, functions: { f: { layers: [layerArn('deps', 1)] } } };
  await withClients({ seed, updateLooks: 0 }, async ({ stub, lambda }) => {
    for (const VersionNumber of [1, 2, 7])
      await lambda.deleteLayerVersion({ LayerName: 'deps', VersionNumber });
    await refuses(
      lambda.deleteLayerVersion({ LayerName: 'deps', VersionNumber: 0 }),
      INVALID,
      400,
      'Layer Version Cannot be less than 1',
    );
    const read = lambda.getLayerVersion({ LayerName: 'deps', VersionNumber: 1 });
    await refuses(read, GONE, 404, 'The resource you requested does not exist.');
    const update = await lambda.updateFunctionConfiguration({ ...FN, MemorySize: 256 });
    assert.equal(
      update.Layers?.map(({ Arn }) => Arn),
      [layerArn('deps', 1)],
    );
    const again = lambda.updateFunctionConfiguration({ ...FN, Layers: [layerArn('deps', 2)] });
    await refuses(again, INVALID, 400, `Layer version ${layerArn('deps', 2)} does not exist.`);
    assert.is((await lambda.publishLayerVersion(LAYER)).Version, 3);
    assert.equal([...(stub.state.layers.get('deps')?.versions.keys() ?? [])], [3]);
  });
});

test('only a shared version has a policy', async () => {
  await withClients({ seed: { layers: { deps: [{}, { shared: true }] } } }, async ({ lambda }) => {
    const policy = (VersionNumber: number) =>
      lambda.getLayerVersionPolicy({ LayerName: 'deps', VersionNumber });
    await refuses(policy(1), GONE, 404, 'No policy is associated with the given resource.');
    await refuses(policy(9), GONE, 404, /does not exist\.$/);
    assert.is(JSON.parse((await policy(2)).Policy ?? '').Statement[0].Principal, '*');
  });
});

test('tags belong to functions, and are fifty at most', async () => {
  await withClients({ seed: { functions: { f: { tags: { a: 'b' } } } } }, async ({ stub, lambda }) => {
    const tag = (Tags: Record<string, string>, Resource = ARN) => lambda.tagResource({ Resource, Tags });
    await tag({ 'lambda-slim:layers': 'x', a: 'c' });
    assert.equal((await lambda.listTags({ Resource: ARN })).Tags, { a: 'c', 'lambda-slim:layers': 'x' });
    await refuses(tag({ a: 'b' }, `${ARN}:live`), INVALID, 400, /^Tags on function aliases and versions/);
    await refuses(tag({ a: 'b' }, ARN.replace(/f$/, 'g')), GONE, 404, /^Function not found/);
    await refuses(tag({ a: 'b' }, 'f'), VALIDATION, 400, /'f' at 'resource'/);
    await refuses(tag({ a: 'x'.repeat(257) }), VALIDATION, 400, /to 256$/);
    await refuses(tag({ 'aws:x': 'b' }), INVALID, 400, /^\[stub\] keys/);
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`k${n}`, '']));
    await refuses(tag(many), INVALID, 400, 'Number of tags exceeds resource tag limit.');
    await lambda.untagResource({ Resource: ARN, TagKeys: ['a'] });
    assert.equal(stub.state.functions.get('f')?.tags, { 'lambda-slim:layers': 'x' });
  });
});

test('who may not list tags, or decrypt variables, reads a function without them', async () => {
  const f = { tags: { a: 'b' }, hidesVariables: true, settings: { Environment: { Variables: { AB: 'c' } } } };
  await withClients({ seed: { functions: { f } }, denied: ['ListTags'] }, async ({ lambda }) => {
    const { Tags, TagsError, Configuration } = await lambda.getFunction(FN);
    assert.equal([Tags, TagsError?.ErrorCode], [undefined, 'AccessDeniedException']);
    assert.equal(
      [Configuration?.Environment?.Variables, Configuration?.Environment?.Error?.ErrorCode],
      [undefined, 'AccessDeniedException'],
    );
    const { AccountLimit, AccountUsage } = await lambda.getAccountSettings({});
    assert.equal([AccountLimit?.CodeSizeZipped, AccountUsage?.FunctionCount], [52_428_800, 1]);
  });
});

test.run();
