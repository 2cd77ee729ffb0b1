import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCESS_POINT, type EfsWish, withEfsDesk } from '../../helpers/publish-efs.ts';

const ONE: EfsWish = { files: { 'node_modules/a/index.js': 'a', 'model/m.bin': 'model 1' } };
const TWO: EfsWish = {
  files: { 'node_modules/a/index.js': 'a', 'model/m.bin': 'model 2' },
  code: 'handler 2',
};

test('a new function: role, bundle, the function that syncs, the sync, and then the function', () =>
  withEfsDesk(async ({ stub, store, publish, plan, takeWrites }) => {
    const wish = { ...ONE, createRole: true };
    const planned = await plan(wish);
    assert.equal(takeWrites(), []);
    const report = await publish(wish);
    const writes = takeWrites();
    assert.equal(
      writes,
      planned.map(({ call }) => call.split(':')[1]).filter(name => name !== 'Invoke'),
    );
    assert.is(
      report.sentBytes,
      planned.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    );
    assert.equal(
      report.items.map(
        ({ what, name, outcome }) => `${what} ${outcome} ${/^[0-9a-f]{12}$/.test(name) ? '' : name}`,
      ),
      [
        'role created classify-lambda-slim',
        'bundle sent ',
        'function created classify-efs-sync',
        'release created ',
        'function created classify',
      ],
    );
    const [release = ''] = store.releases;
    const { settings } = stub.state.functions.get('classify')?.latest ?? {};
    const root = `/mnt/ml/classify/releases/${release}`;
    assert.equal(settings?.Environment?.Variables, {
      STAGE: 'test',
      LAMBDA_SLIM_ROOT: root,
      MODEL_DIR: `${root}/model`,
    });
    assert.equal(settings?.FileSystemConfigs, [{ Arn: ACCESS_POINT, LocalMountPath: '/mnt/ml' }]);
    const worker = stub.state.functions.get('classify-efs-sync')?.latest.settings;
    assert.equal(
      [worker?.Role, worker?.VpcConfig, worker?.FileSystemConfigs, worker?.Timeout, worker?.Environment],
      [
        settings?.Role,
        settings?.VpcConfig,
        settings?.FileSystemConfigs,
        900,
        { Variables: { UV_THREADPOOL_SIZE: '32' } },
      ],
    );
    const [policy = ''] = [...(stub.state.roles.get('classify-lambda-slim')?.inline.values() ?? [])];
    for (const right of [
      'elasticfilesystem:ClientWrite',
      'classify-efs-sync:*',
      ':::bundles/lambda-slim/bundles/*',
    ])
      assert.ok(policy.includes(right), `${right} in ${policy}`);
    await publish(wish);
    assert.equal(takeWrites(), [], 'nothing is sent again');
    assert.is(store.tasks.length, 1);
  }));

test('another model sends its chunk only, and old releases that versions name are kept', () =>
  withEfsDesk(async ({ stub, store, publish, takeWrites }) => {
    await publish({ ...ONE, config: { alias: 'live' } });
    takeWrites();
    await publish({ ...TWO, config: { alias: 'live' } });
    const [first] = store.releases;
    assert.equal(takeWrites(), [
      'PutObject',
      'PutObject',
      'UpdateFunctionConfiguration',
      'UpdateFunctionCode',
      'PublishVersion',
      'UpdateAlias',
    ]);
    assert.equal(store.tasks[1]?.protect, [first]);
    const roots = stub.state.functions
      .get('classify')
      ?.versions.map(({ settings }) => settings.Environment?.Variables?.LAMBDA_SLIM_ROOT?.slice(-64));
    assert.equal(roots, store.releases);
  }));

test('after a failure at any write, the next run completes', () =>
  withEfsDesk(async ({ takeWrites, publish }) => {
    await publish({ ...ONE, createRole: true });
    const writes = takeWrites();
    for (const kind of ['drop-before', 'drop-after', 'error'] as const)
      for (let nth = 0; nth < writes.length; nth++)
        await withEfsDesk(async desk => {
          const operation = writes[nth] as string;
          const occurrence = writes.slice(0, nth + 1).filter(name => name === operation).length;
          desk.stub.fault({ kind, operation, occurrence });
          const error = await desk.publish({ ...ONE, createRole: true }).then(
            () => null,
            (caught: Error) => caught,
          );
          if (error) assert.match(error.message, /Done: .*Not done: /);
          await desk.publish({ ...ONE, createRole: true });
          desk.takeWrites();
          await desk.publish({ ...ONE, createRole: true });
          assert.equal(desk.takeWrites(), [], `${kind} at ${operation} ${occurrence}`);
          assert.ok(desk.stub.state.functions.get('classify')?.latest.settings.FileSystemConfigs);
        });
  }));

test('back to a zip, the variables that led to the file system go, and others stay', () =>
  withEfsDesk(async ({ stub, publish }) => {
    await publish(ONE);
    const fn = stub.state.functions.get('classify');
    const mine = { MINE: '1', ...fn?.latest.settings.Environment?.Variables };
    Object.assign(fn?.latest ?? {}, {
      settings: { ...fn?.latest.settings, Environment: { Variables: mine } },
    });
    await publish({ ...ONE, config: { target: 'zip' } });
    assert.equal(fn?.latest.settings.Environment?.Variables, { MINE: '1', STAGE: 'test' });
  }));

test('`current` is followed through its link, and switched also where the release lies there', () =>
  withEfsDesk(async ({ stub, store, publish, takeWrites }) => {
    const follow = { efs: { accessPoint: ACCESS_POINT, bucket: 'bundles', follow: 'current' } } as const;
    await publish({ ...ONE, ...follow });
    const { settings } = stub.state.functions.get('classify')?.latest ?? {};
    assert.is(settings?.Environment?.Variables?.LAMBDA_SLIM_ROOT, '/mnt/ml/classify/current');
    store.releases.push('f'.repeat(64));
    takeWrites();
    await publish({ ...ONE, ...follow });
    assert.equal(takeWrites(), []);
    assert.is(store.tasks.length, 2);
  }));

test('a function that syncs and is somebody else is left alone', () =>
  withEfsDesk(
    async ({ publish, takeWrites }) => {
      const error = await publish(ONE).catch((caught: Error) => caught);
      assert.match((error as Error).message, /function classify-efs-sync already/);
      assert.equal(takeWrites(), []);
    },
    { seed: { functions: { 'classify-efs-sync': {} } } },
  ));

test('a new worker of a newer lambda-slim takes the place of the old, and the release stays', () =>
  withEfsDesk(async ({ store, publish, takeWrites }) => {
    await publish(ONE);
    takeWrites();
    await publish({ ...ONE, worker: 'sync 2' });
    assert.equal(takeWrites(), ['UpdateFunctionCode']);
    assert.is(store.releases.length, 1);
  }));

test.run();
