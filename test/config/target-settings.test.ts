import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/load-config.ts';
import type { CliArgs } from '../../src/config/types.ts';
import type { ResolvedFunction } from '../../src/types.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

/** Resolves the one function of a config that has these settings beside its entry. */
async function resolve(settings: object, args: CliArgs = {}): Promise<ResolvedFunction> {
  const config = JSON.stringify({ functions: { classify: { entry: 'index.mjs' } }, ...settings });
  const files = { 'lambda-slim.config.json': config, 'package.json': '{}', 'index.mjs': '' };
  return withProject(files, async dir => (await loadConfig(dir, args, {})).functions[0] as ResolvedFunction);
}

test('a zip is built unless somebody says otherwise, for layers too', async () => {
  assert.equal([(await resolve({})).target, (await resolve({})).efs], ['zip', null]);
  assert.is((await resolve({ publish: { target: 'layer' } })).target, 'zip');
  assert.is((await resolve({ publish: { target: 'efs' } })).target, 'efs');
  assert.is((await resolve({ publish: { target: 'efs' }, target: 'zip' })).target, 'zip');
  assert.is((await resolve({ target: 'efs' }, { target: 'layer' })).target, 'zip');
  assert.is((await resolve({}, { target: 'efs' })).target, 'efs');
  assert.is((await resolve({ target: 'sagemaker' })).efs, null);
});

test('the store is a folder of the function on the mount', async () => {
  const storeOf = async (publish: object) => (await resolve({ target: 'efs', publish })).efs?.store;
  assert.is(await storeOf({}), '/mnt/ml/classify');
  assert.is(await storeOf({ functionName: 'prod-classify' }), '/mnt/ml/prod-classify');
  assert.is(await storeOf({ functionName: 'arn:aws:lambda:eu-west-1:1:function:x' }), '/mnt/ml/classify');
  assert.is(
    await storeOf({ functionName: 'x', efs: { mount: '/mnt/models', folder: 'a/b' } }),
    '/mnt/models/a/b',
  );
});

test('what makes no sense there is off, and is said', async () => {
  const wanted = { native: { compress: true }, level: 'exact', exact: { fallback: true } };
  const { native, rest, efs } = await resolve({ target: 'efs', ...wanted });
  assert.equal([native.compress, rest.fallback, rest.write], [null, false, true]);
  assert.equal(efs?.off, ['compress-libraries', 'fallback']);
  const zip = await resolve(wanted);
  assert.equal([zip.native.compress !== null, zip.rest.fallback], [true, true]);
  assert.equal((await resolve({ target: 'efs' }, { compressLibraries: true })).efs?.off, [
    'compress-libraries',
  ]);
});

test('a function refines the section that all share', async () => {
  const shared = { mount: '/mnt/all', files: ['model/**'], environment: { MODEL_DIR: '{root}/model' } };
  const own = { entry: 'index.mjs', publish: { role: 'r', efs: { files: ['data/**'] } } };
  const settings = { target: 'efs', publish: { bucket: 'b', efs: shared }, functions: { classify: own } };
  const { efs, publish } = await resolve(settings);
  assert.equal([efs?.files, efs?.mount, efs?.environment], [['data/**'], '/mnt/all', shared.environment]);
  assert.equal([publish.config.bucket, publish.config.role], ['b', 'r']);
});

test('what would not work on Lambda is refused with the place of it', async () => {
  const bad = [
    [{ mount: '/efs' }, /publish\.efs\.mount: expected \/mnt\//],
    [{ mount: '/mnt/a/b' }, /publish\.efs\.mount/],
    [{ mount: '/mnt/..' }, /publish\.efs\.mount/],
    [{ mount: `/mnt/${'a'.repeat(200)}` }, /publish\.efs\.mount/],
    [{ folder: '../x' }, /publish\.efs\.folder: expected a relative path/],
    [{ folder: '/x' }, /publish\.efs\.folder/],
    [{ folder: 'a/../b' }, /publish\.efs\.folder/],
    [{ environment: { '1A': 'x' } }, /publish\.efs\.environment/],
    [{ via: 'rsync' }, /publish\.efs\.via/],
    [{ keep: 0 }, /publish\.efs\.keep/],
    [{ fils: [] }, /publish\.efs.*files/s],
  ] as const;
  for (const [efs, expected] of bad)
    assert.match((await rejects(resolve({ publish: { efs } }), 'CONFIG_INVALID')).message, expected);
});

test.run();
