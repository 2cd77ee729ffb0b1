import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type EfsDesk, type EfsWish, S3_FILES, withEfsDesk } from '../../helpers/publish-efs.ts';

const FILES = { 'node_modules/a/index.js': 'a', 'lib/libx.so.1': 'x', 'model/m.bin': 'model 1' };
const COPY: EfsWish = {
  files: FILES,
  efs: { via: 'datasync', copyRole: 'arn:aws:iam::123456789012:role/copy', prefix: 'p' },
};
const S3: EfsWish = { files: FILES, efs: { via: 's3files', accessPoint: S3_FILES } };

const keysOf = ({ stub }: EfsDesk): readonly string[] =>
  [...(stub.state.buckets.get('bundles')?.objects.keys() ?? [])].sort();
const rootOf = ({ stub }: EfsDesk): string =>
  stub.state.functions.get('classify')?.latest.settings.Environment?.Variables?.LAMBDA_SLIM_ROOT ?? '';

test('DataSync copies the plain tree, and the function is told of it when that is done', () =>
  withEfsDesk(async desk => {
    const { stub, publish, plan, takeWrites } = desk;
    const planned = await plan(COPY);
    await publish(COPY);
    const writes = takeWrites();
    assert.equal(
      writes,
      planned.map(({ call }) => call.split(':')[1]),
    );
    assert.equal(writes.slice(4), [
      ...['CreateLocationS3', 'CreateLocationEfs', 'CreateTask', 'StartTaskExecution'],
      'CreateFunction',
    ]);
    const [, id = ''] = /releases\/([0-9a-f]{64})$/.exec(rootOf(desk)) ?? [];
    assert.equal(keysOf(desk), [
      `p/releases/${id}.json.zst`,
      ...['lib/libx.so.1', 'model/m.bin', 'node_modules/a/index.js'].map(path => `p/releases/${id}/${path}`),
    ]);
    const [task] = [...stub.state.dataSync.tasks.values()];
    assert.is(task?.source.uri, `s3://bundles/p/releases/${id}/`);
    assert.is(task?.target.uri, `efs://eu-west-1.fs-0123456789abcdef0/classify/releases/${id}/`);
    assert.is(task?.options.TransferMode, 'CHANGED');
    await publish(COPY);
    assert.equal(takeWrites(), []);
  }));

test('a copy that failed is told with its reason, and is started again with the same locations and task', () => {
  let reason: string | null = 'DataSync may not mount it';
  return withEfsDesk(
    async desk => {
      const error = await desk.publish(COPY).catch((caught: Error) => caught);
      assert.match(
        (error as Error).message,
        /did not copy the release \(ERROR\): AccessDenied: DataSync may not mount/,
      );
      assert.match((error as Error).message, /Not done: .*CreateFunction/);
      desk.takeWrites();
      reason = null;
      await desk.publish(COPY);
      assert.equal(desk.takeWrites(), ['StartTaskExecution', 'CreateFunction']);
    },
    { copy: () => reason },
  );
});

test('with S3 Files uploading is publishing', () =>
  withEfsDesk(async desk => {
    const { stub, publish, takeWrites } = desk;
    await publish({ ...S3, createRole: true });
    const writes = takeWrites();
    // The path below the mount is the key.
    assert.ok(keysOf(desk).includes(`${rootOf(desk).slice('/mnt/ml/'.length)}/model/m.bin`));
    assert.equal(writes.slice(-1), ['CreateFunction']);
    assert.not(writes.includes('Invoke'));
    assert.not(stub.state.functions.has('classify-efs-sync'));
    assert.equal(stub.state.functions.get('classify')?.latest.settings.FileSystemConfigs, [
      { Arn: S3_FILES, LocalMountPath: '/mnt/ml', S3FilesConfig: { DirectS3Read: 'AUTO' } },
    ]);
    const [policy = ''] = [...(stub.state.roles.get('classify-lambda-slim')?.inline.values() ?? [])];
    assert.match(policy, /s3files:ClientMount.*s3:GetObject/);
    await publish({ ...S3, createRole: true });
    assert.equal(takeWrites(), []);
    await publish({ ...S3, createRole: true, files: { ...FILES, 'model/m.bin': 'model 2' } });
    assert.equal(takeWrites().slice(-1), ['UpdateFunctionConfiguration']);
  }));

test.run();
